/** Of which messages somebody is told who looks at none of them, and what such a notice says. */
import type { Body, Entry, MessageEntry } from '../protocol/entities.ts';
import type { Notice } from '../protocol/push-commands.ts';
import type { NoticeShows } from '../protocol/settings.ts';
import { type Conversation, maySee } from './conversation.ts';
import { endOf, isExpired } from './lifetime.ts';
import { stageFor } from './request.ts';
import { plainText } from './rich-text.ts';

/** What counts of a user when a message is to be told. */
export interface Reader {
  readonly user: string;
  readonly read: number;
  /** Muted or archived. */
  readonly quiet: boolean;
  /** Of what calls the user by name one is told also where it is quiet. */
  readonly mentions: boolean;
  /** A request that the user has declined. */
  readonly declined: boolean;
  readonly shows: NoticeShows;
}

/** Messages that are counted; one more stands for all that are more. */
export const COUNTED_MAX = 50;
/** Of a message's words, in characters. */
const TEXT_MAX = 240;
const WEEK_S = 7 * 86_400;

/** Whether the user is told of this entry, which nobody has deleted. Of a channel one is told what calls one by name. */
export function isTold(state: Conversation, reader: Reader, entry: Entry, now: number): entry is MessageEntry {
  const { user, read, quiet, mentions, declined } = reader;
  if (entry.kind !== 'message' || entry.sender === user || entry.body === null || isExpired(entry, now)) return false;
  if (entry.seq <= read || !maySee(state, user, entry.seq) || endOf(state.keeping, now) !== null) return false;
  if (declined && stageFor(state.request, user) === 'received') return false;
  const called = calls(entry, user);
  return (!quiet || (mentions && called)) && (!state.channel || called);
}

function calls({ mentions = [] }: MessageEntry, user: string): boolean {
  return mentions.includes(user);
}

/** `body` is what the message says by now, `sender` what its author is called. */
export function noticeOf(
  state: Conversation,
  reader: Reader,
  message: MessageEntry,
  { body, sender, count }: { readonly body: Body | null; readonly sender: string; readonly count: number },
): Extract<Notice, { kind: 'message' }> {
  const { user, shows } = reader;
  const notice = {
    v: 1 as const,
    kind: 'message' as const,
    conversation: state.id,
    seq: message.seq,
    at: message.at,
    count: Math.min(count, COUNTED_MAX),
    ...(calls(message, user) ? { mentioned: true as const } : {}),
  };
  // Abuse can sit in a name: of somebody who is not accepted nothing is said.
  if (stageFor(state.request, user) === 'received') return { ...notice, request: true };
  if (shows === '') return notice;
  const named = { ...notice, sender, ...(state.kind === 'group' ? { title: state.title } : {}) };
  const stays = message.expires === undefined && message.lasts === undefined && state.keeping.lifetime.kind !== 'whole';
  if (shows !== 'words' || !stays || !body) return named;
  const files = body.files?.length ?? 0;
  return { ...named, text: shortened(body.text), ...(files > 0 ? { files } : {}) };
}

/** How long a service shall keep a notice of it for a device that is away. */
export function ttlOf(state: Conversation, message: MessageEntry, now: number): number {
  const { lifetime } = state.keeping;
  const end = message.expires ?? (lifetime.kind === 'whole' ? lifetime.until : undefined);
  return end === undefined ? WEEK_S : Math.max(0, Math.min(WEEK_S, Math.floor((end - now) / 1_000)));
}

/** In one line, without marks, and without what is hidden in it. */
function shortened(text: string): string {
  const characters = [
    ...plainText(text)
      .slice(0, 4 * TEXT_MAX)
      .trim()
      .replace(/\s+/g, ' '),
  ];
  return characters.length <= TEXT_MAX ? characters.join('') : `${characters.slice(0, TEXT_MAX - 1).join('')}…`;
}
