/** Lines for people, or a JSON object a line. What others wrote cannot steer the terminal. */
import type { Acts } from '../client/views.ts';
import type { Body, Entry, Lifetime } from '../protocol/entities.ts';
import { UNREAD_COUNTED_MAX } from '../protocol/limits.ts';
import { type MessageState, PLAIN_TICKS } from './ticks.ts';

export type Names = ReadonlyMap<string, string>;

/** Without the characters that move cursors, colour, ring, or turn the direction of what follows. */
export function safe(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** In one line. */
export function oneLine(text: string): string {
  return safe(text).replace(/\s+/g, ' ').trim();
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** An entry as programs get it. `conversation` is the id; what sort was created is `conversationKind`. */
export function printEntry(conversation: string, entry: Entry, names: Names, more: object = {}): void {
  const conversationKind = entry.kind === 'created' ? { conversationKind: entry.conversation } : {};
  printJson({ ...entry, conversation, ...conversationKind, senderName: names.get(entry.sender) ?? null, ...more });
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** How many are unread. */
export function counted(unread: number): string {
  return unread > UNREAD_COUNTED_MAX ? `${UNREAD_COUNTED_MAX}+` : String(unread);
}

export function time(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function inWords({ forwarded, text, files = [] }: Body, words: Words): string {
  const named = files.map(({ name, bytes }) => `[${oneLine(name)}, ${Math.ceil(bytes / 1_000)} kB]`);
  return [...(forwarded ? ['(forwarded)'] : []), ...(text === '' ? [] : [words(text)]), ...named].join(' ');
}

/** In place of what somebody says in a group whom one blocks. */
export const FOLDED = '(from somebody you blocked)';

/** What is shown of the text of a message. */
export type Words = (text: string) => string;

const othersIn = ({ sender, members }: Extract<Entry, { kind: 'created' }>) =>
  members.flatMap(({ user }) => (user === sender ? [] : [user]));

/** What an entry says, without when and by whom. */
export function said(entry: Entry, names: Names, words: Words = safe): string {
  const name = (user: string) => names.get(user) ?? user;
  switch (entry.kind) {
    case 'message':
      if (entry.body) return inWords(entry.body, words);
      return entry.expires === undefined && entry.lasts === undefined ? '(deleted)' : '(gone)';
    case 'created':
      if (entry.conversation === 'group') return `created “${oneLine(entry.title)}”`;
      return entry.invitation
        ? `invited ${othersIn(entry).map(name).join(', ')} to this server`
        : 'began the conversation';
    case 'added':
      return `added ${entry.users.map(name).join(', ')}`;
    case 'removed':
      return `removed ${name(entry.user)}`;
    case 'left':
      return 'left';
    case 'accepted':
      return 'accepted the request';
    case 'role':
      return `made ${name(entry.user)} ${entry.role}`;
    case 'renamed':
      return `renamed the group to “${oneLine(entry.title)}”`;
    case 'pictured':
      return entry.picture === null ? 'took the group’s picture away' : 'changed the group’s picture';
    case 'pinned':
      return entry.pinned ? 'pinned a message' : 'took a pinned message down';
    case 'lifetime':
      return keeping(entry.lifetime);
    case 'ended':
      return 'ended the chat; nothing of it is kept';
    case 'edited':
      return 'edited a message';
    case 'deleted':
      return 'deleted a message';
    case 'started':
      return 'read messages that go after reading';
    case 'reacted':
      return entry.emoji === '' ? 'took a reaction back' : `reacted ${entry.emoji}`;
  }
}

/** How long what is said from now on stays. */
export function keeping(lifetime: Lifetime): string {
  if (lifetime.kind === 'always') return 'keeps messages';
  if (lifetime.kind === 'timer') {
    return `lets messages go ${duration(lifetime.seconds)} after they are ${lifetime.after ? 'read' : 'sent'}`;
  }
  return lifetime.until === undefined
    ? 'lets the whole chat go when the last member leaves'
    : `lets the whole chat go on ${time(lifetime.until)}`;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** In the largest unit that leaves nothing over, as 7d, 90m or 45s. */
export function duration(seconds: number): string {
  const [unit, length] = UNITS.find(([, each]) => seconds % each === 0)!;
  return `${seconds / length}${unit}`;
}

/** Instead of a last message, where an invitation to the server began a conversation. */
export function joined({ invitedBy }: { readonly invitedBy?: string | null }, user: string): string {
  if (!invitedBy) return '';
  return invitedBy === user ? 'joined by your invitation' : 'you joined by this invitation';
}

/** What stands behind a message to which something was done. */
export function marksOf({ editedAt, reactions }: Acts): string {
  const chosen = reactions.map(({ emoji, users }) => (users.length > 1 ? `${emoji} ${users.length}` : emoji));
  return [...(editedAt === null ? [] : ['(edited)']), ...chosen].map((mark) => `  ${mark}`).join('');
}

/** `state` is that of one's own message. */
export function line(entry: Entry, names: Names, state: MessageState | null = null, words: Words = safe): string {
  const who = names.get(entry.sender) ?? entry.sender;
  const what = said(entry, names, words);
  if (entry.kind !== 'message') return `${time(entry.at)}  * ${who} ${what}`;
  const ticks = state ? ` ${PLAIN_TICKS[state]}` : '';
  return `${time(entry.at)}  ${who}: ${what.replaceAll('\n', '\n                  ')}${ticks}`;
}

/** Everybody whom an entry names. */
export function namedIn(entry: Entry): string[] {
  if (entry.kind === 'added') return [entry.sender, ...entry.users];
  if (entry.kind === 'removed' || entry.kind === 'role') return [entry.sender, entry.user];
  return [entry.sender];
}
