/** The list of conversations, folded from summaries, entries and feed entries: the same in every replica. */
import type { Entry, Mark, Summary } from '../protocol/entities.ts';
import { FEED_MEMBERS_MAX, MARKS_INLINE_MAX } from '../protocol/limits.ts';
import { annotated, annotationsOf, byTarget, isAnnotation, NOT_ANNOTATED } from './annotations.ts';
import { followPins, isPinListed } from './pins.ts';
import { followStage } from './request.ts';
import { countNewer, countsAsUnread, type Reader, withUnread } from './unread.ts';

/**
 * Folds the next entry into a summary. Exact when `entry.seq` is `summary.head + 1`; the caller holds the order.
 * Marks grow apart from the log; here they only follow who is a member.
 */
export function foldEntry({ request, ...summary }: Summary, entry: Entry, reader: Reader): Summary {
  const { user } = reader;
  const stage = followStage(request, entry, user);
  const asked = stage === undefined ? {} : { request: stage };
  const at = isAnnotation(entry) ? summary.at : entry.at;
  const next: Summary = { ...summary, ...asked, head: entry.seq, ordinal: entry.ordinal, at };
  switch (entry.kind) {
    case 'message':
      next.last = entry;
      delete next.annotations;
      if (entry.seq > next.read && countsAsUnread(entry, reader)) {
        const count = countNewer(next, entry, user);
        delete next.firstUnread;
        Object.assign(next, count);
      }
      break;
    case 'added':
      next.memberCount += entry.users.length;
      next.marks = withoutMarks(summary.marks, entry.users).concat(
        entry.users.map((user) => ({ user, delivered: entry.seq - 1, read: entry.seq - 1 })),
      );
      break;
    case 'removed':
    case 'left':
      next.memberCount -= 1;
      next.marks = withoutMarks(summary.marks, [entry.kind === 'left' ? entry.sender : entry.user]);
      break;
    case 'role':
      if (entry.user === user) next.role = entry.role;
      break;
    case 'renamed':
      next.title = entry.title;
      break;
    case 'pictured':
      if (entry.picture === null) delete next.picture;
      else next.picture = entry.picture;
      break;
    case 'lifetime':
      next.lifetime = entry.lifetime;
      // By a clock that was ahead it had ended before its end was moved.
      delete next.ended;
      break;
    case 'ended':
      return endedSummary(next, entry.at);
    case 'pinned':
      if (isPinListed(summary, entry.target)) next.pins = [...followPins(summary.pins ?? [], entry)];
      break;
    case 'started':
      if (summary.last && entry.targets.includes(summary.last.seq)) Object.assign(next, annotateLast(summary, entry));
      break;
    case 'edited':
    case 'deleted':
      if (summary.pins) next.pins = [...followPins(summary.pins, entry)];
      if (summary.last?.seq === entry.target) Object.assign(next, annotateLast(summary, entry));
      break;
  }
  if (next.memberCount > MARKS_INLINE_MAX) next.marks = [];
  next.channel ||= next.memberCount > FEED_MEMBERS_MAX;
  return next;
}

/** What a summary holds of its last message once this was done to it: no words of it, when it is deleted. */
function annotateLast({ last, annotations = [] }: Summary, entry: Entry): Pick<Summary, 'last' | 'annotations'> {
  const done = [...annotations, ...annotationsOf(entry)];
  const { edited, deleted, started } = byTarget(done).get(last!.seq) ?? NOT_ANNOTATED;
  const erased = last?.kind === 'message' && deleted ? annotated(last, { ...NOT_ANNOTATED, deleted }) : last;
  return { last: erased, annotations: [edited, deleted, started].filter((annotation) => annotation !== null) };
}

function withoutMarks(marks: readonly Mark[], users: readonly string[]): Mark[] {
  return marks.filter((mark) => !users.includes(mark.user));
}

/** Newest first; ties by id, so that every device shows the same. */
export function compareRecent(a: { at: number; id: string }, b: { at: number; id: string }): number {
  return b.at - a.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** What a summary says once its conversation has ended: nothing of what was said. */
export function endedSummary(summary: Summary, at: number): Summary {
  const { annotations: _annotations, pins: _pins, picture: _picture, ...rest } = withUnread(summary, { unread: 0 });
  return { ...rest, title: '', ended: at, last: null };
}
