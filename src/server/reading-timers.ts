/**
 * Messages between two that go a while after they were read. Reading alone says when that is, so the log must say that it
 * began: by an entry in the name of the reader, before the read mark is raised, so that no crash leaves a message that is
 * read and stays.
 */
import type { Conversation } from '../core/conversation.ts';
import type { Entry } from '../protocol/entities.ts';
import { STARTED_MAX } from '../protocol/limits.ts';
import { annotatedIn } from './annotations.ts';
import type { Conversations } from './conversations.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

const RUN = STARTED_MAX;

/** `read`: how far the user had read; what is above it and not above `to` is read now, whether others may know or not. */
export async function startTimers(
  { store }: NodePorts,
  conversations: Conversations,
  session: Session,
  { id, kind, keeping }: Conversation,
  read: number,
  to: number,
): Promise<void> {
  // What ends as a whole has no timers.
  if (kind !== 'direct' || keeping.stamp === 0 || keeping.lifetime.kind === 'whole') return;
  for (let next = read + 1; next <= to; ) {
    const { rows } = await store.read(`c/${id}`, next, Math.min(RUN, to - next + 1));
    const last = rows.at(-1)?.seq;
    if (last === undefined) return;
    const begun = await annotatedIn(store, conversations.recent(id), id, next, last);
    const targetsBySeconds = new Map<number, number[]>();
    for (const { header } of rows) {
      const entry = JSON.parse(header) as Entry;
      if (entry.kind !== 'message' || entry.lasts === undefined || entry.sender === session.user) continue;
      const done = begun.get(entry.seq);
      if (done?.started || done?.deleted) continue;
      targetsBySeconds.set(entry.lasts, [...(targetsBySeconds.get(entry.lasts) ?? []), entry.seq]);
    }
    for (const [seconds, targets] of targetsBySeconds) {
      await conversations.startTimers(session, id, targets, seconds);
    }
    next = last + 1;
  }
}
