/** Lists, history and sends: each asks, prints and ends. */
import { randomBytes } from 'node:crypto';
import { viewMessage } from '../../client/views.ts';
import { type Annotations, annotated, byTarget, isAnnotation, NOT_ANNOTATED } from '../../core/annotations.ts';
import type { Draft, Entry, Summary } from '../../protocol/entities.ts';
import { idOf } from '../../protocol/ids.ts';
import { PAGE_MAX, SEND_DRAFTS_MAX } from '../../protocol/limits.ts';
import { type Context, signedIn } from '../context.ts';
import { deliver } from '../deliver.ts';
import { EXIT, Failed, sentenceOf } from '../failure.ts';
import { conversation, conversations, mustBePerson, names, titleOf } from '../find.ts';
import {
  counted,
  FOLDED,
  joined,
  line,
  marksOf,
  namedIn,
  oneLine,
  print,
  printEntry,
  printJson,
  said,
  time,
} from '../print.ts';
import { settingsUnder } from '../settings.ts';
import { lineOf, shown } from '../styled.ts';
import { type MessageState, stateOf, TICKS } from '../ticks.ts';
import { mustBeFile, writing } from '../writing.ts';
import { blockedBy } from './blocks.ts';
import { wholeFor } from './lifetimes.ts';
import { withoutDeclined } from './requests.ts';

const newKey = () => idOf(randomBytes(16));

export async function list(context: Context): Promise<void> {
  const { ask, session } = await signedIn(context);
  const blocked = await blockedBy(ask);
  const all = await withoutDeclined(ask, await conversations(ask), blocked);
  const named = all.flatMap(({ peer, last }) => [...(peer ? [peer] : []), ...(last ? namedIn(last) : [])]);
  const known = await names(ask, named);
  if (all.length === 0 && !context.json) print('No conversation yet. Begin one: parley send NAME TEXT');
  for (const summary of all) {
    const title = titleOf(summary, known);
    const state = summary.last ? ownState(summary.last, summary, session.user) : null;
    if (context.json) printJson({ ...summary, title, ...(state ? { state } : {}) });
    else {
      const count = blocked.has(summary.peer ?? '') ? ' (blocked)' : standing(summary);
      const newest = lastOf(summary);
      const last = newest
        ? isFolded(newest, summary, blocked)
          ? FOLDED
          : `${whose(summary, known, session.user)}${oneLine(said(newest, known, lineOf))}`
        : joined(summary, session.user);
      const ticks = state ? `${TICKS[state]} ` : '';
      print(`${time(summary.at)}  ${cut(title, 40)}${count}${last && `  ${ticks}${cut(last, 60)}`}`);
    }
  }
}

/** The last message as it stands now. */
function lastOf({ last, annotations = [] }: Summary): Entry | null {
  const done = last && byTarget(annotations).get(last.seq);
  return last?.kind === 'message' && done ? annotated(last, done) : last;
}

/** What a row says behind the name. */
function standing({ request, unread, firstMention }: Summary): string {
  if (request === 'received') return ' (request)';
  if (request === 'sent') return ' (not answered yet)';
  return unread > 0 ? ` (${counted(unread)} unread${firstMention === undefined ? '' : ', you are called'})` : '';
}

export async function history(context: Context, who: string, count: number, numbers = false): Promise<void> {
  const { ask, session } = await signedIn(context);
  const { id, head, kind, marks } = await conversation(ask, who);
  const hidden = await settingsUnder(ask, `hide/${id}/`);
  const blocked = await blockedBy(ask);
  const entries: Entry[] = [];
  const done = new Map<number, Annotations>();
  for (let before = head + 1; before > 1 && entries.length < count; ) {
    const limit = Math.min(PAGE_MAX, count - entries.length);
    const slice = await ask('history', { conversation: id, place: { before }, limit });
    entries.unshift(...slice.entries.filter((entry) => !isAnnotation(entry) && !hidden.has(String(entry.seq))));
    for (const [target, annotations] of byTarget(slice.annotations ?? [])) done.set(target, annotations);
    if (slice.to < slice.from || slice.from >= before) break;
    before = slice.from;
  }
  const reacting = [...done.values()].flatMap(({ reactions }) => [...reactions.keys()]);
  const known = await names(ask, [...entries.flatMap(namedIn), ...reacting]);
  // Those of large conversations do not come along.
  const asOf = { kind, marks: marks.length > 0 ? marks : (await ask('marks', { conversation: id })).marks };
  for (const stored of entries.slice(-count)) {
    const annotations = done.get(stored.seq) ?? NOT_ANNOTATED;
    const entry = stored.kind === 'message' ? annotated(stored, annotations) : stored;
    const state = ownState(entry, asOf, session.user);
    const { acts } = stored.kind === 'message' ? viewMessage(stored, annotations) : {};
    const folded = isFolded(entry, { kind }, blocked);
    if (folded && !context.json) print(`${numbers ? `#${entry.seq}  ` : ''}${time(entry.at)}  ${FOLDED}`);
    else if (context.json)
      printEntry(id, entry, known, {
        ...(state ? { state } : {}),
        ...(acts ? { acts } : {}),
        ...(folded ? { blocked: true } : {}),
      });
    else print(`${numbers ? `#${entry.seq}  ` : ''}${line(entry, known, state, shown)}${acts ? marksOf(acts) : ''}`);
  }
}

/** In a group, of somebody whom one blocks. */
function isFolded(entry: Entry, { kind }: Pick<Summary, 'kind'>, blocked: ReadonlyMap<string, number>): boolean {
  return kind === 'group' && entry.kind === 'message' && blocked.has(entry.sender);
}

function ownState(entry: Entry, { kind, marks }: Pick<Summary, 'kind' | 'marks'>, self: string): MessageState | null {
  if (entry.kind !== 'message' || entry.sender !== self) return null;
  return stateOf(entry.seq, { kind, marks: new Map(marks.map((mark) => [mark.user, mark])) }, self);
}

/** In a group, who wrote the last message; of one's own the ticks tell. */
function whose({ kind, last }: Summary, known: ReadonlyMap<string, string>, self: string): string {
  const named = kind === 'group' && last?.kind === 'message' && last.sender !== self;
  return named ? `${known.get(last.sender) ?? 'Somebody'}: ` : '';
}

/** Without words, each line of the input is a message. */
export async function send(context: Context, who: string, words: readonly string[]): Promise<void> {
  const { ask } = await signedIn(context);
  if (words.length === 0 && process.stdin.isTTY) {
    throw new Failed('There is nothing to send. Write it behind the name, or pipe it in.', EXIT.usage);
  }
  const { id, head } = await conversation(ask, who);
  let baseSeq = head;
  let sent = 0;
  const { tooLong, calls } = writing(ask, id);
  const say = async (texts: readonly string[]) => {
    const drafts: Draft[] = [];
    let refusal: string | null = null;
    for (const text of texts) {
      refusal = await tooLong(text);
      if (refusal !== null) break;
      drafts.push({ kind: 'message', key: newKey(), baseSeq, ...(await calls(text)), body: { v: 1, text } });
    }
    await deliver(ask, id, drafts, (result) => {
      baseSeq = Math.max(baseSeq, result.seq);
      sent++;
      if (context.json) printJson({ conversation: id, ...result });
    });
    if (refusal !== null) throw new Failed(refusal);
  };
  if (words.length > 0) await say([words.join(' ')]);
  else for await (const texts of inputLines()) await say(texts);
  if (sent === 0) throw new Failed(sentenceOf('empty'));
}

/** What has come in so far, in pieces that fit one send; empty lines are left out. */
async function* inputLines(): AsyncGenerator<string[]> {
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const part of process.stdin) {
    const lines = (rest + part).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* pieces(lines);
  }
  yield* pieces([rest]);
}

function* pieces(lines: readonly string[]): Generator<string[]> {
  const full = lines.filter((text) => text.trim() !== '');
  let piece: string[] = [];
  let size = 0;
  for (const text of full) {
    if (piece.length === SEND_DRAFTS_MAX || (size + text.length > 8_000 && piece.length > 0)) {
      yield piece;
      [piece, size] = [[], 0];
    }
    piece.push(text);
    size += text.length;
  }
  if (piece.length > 0) yield piece;
}

export interface GroupOptions {
  readonly open?: boolean;
  readonly expires?: string;
  readonly picture?: string;
}

export async function group(
  context: Context,
  title: string,
  people: readonly string[],
  { open, expires, picture }: GroupOptions,
): Promise<void> {
  const { ask, session } = await signedIn(context);
  if (picture !== undefined) await mustBeFile(picture);
  const users: string[] = [];
  for (const name of people) users.push((await mustBePerson(ask, name)).user);
  const unique = [...new Set(users)];
  const kept = expires === undefined ? {} : { lifetime: wholeFor(expires) };
  const history = open ? ('all' as const) : ('joined' as const);
  const create = { kind: 'group' as const, key: newKey(), title, users: unique, history, ...kept };
  const made = (await ask('create', { create })).conversation;
  // It needs the SDK, which nothing else here does.
  if (picture !== undefined) await (await import('./pictures.ts')).givePicture(ask, session, made, picture);
  if (context.json) printJson(made);
  else print(`“${oneLine(made.title)}” has ${made.memberCount} members. Its id is ${made.id}.`);
}

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
