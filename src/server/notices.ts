/** What one user is to be told of one conversation, as things stand at the moment when it is asked. */

import { type Conversation, roleOf } from '../core/conversation.ts';
import { COUNTED_MAX, isTold, noticeOf, type Reader, ttlOf } from '../core/notify.ts';
import type { Body, MessageEntry } from '../protocol/entities.ts';
import type { Notice } from '../protocol/push-commands.ts';
import { type NoticeShows, settingKey } from '../protocol/settings.ts';
import { annotatedAt, goneIn } from './annotations.ts';
import { blockedBy } from './blocks.ts';
import type { Conversations } from './conversations.ts';
import { entryOf } from './entries.ts';
import type { Feeds } from './feeds.ts';
import type { NodePorts } from './ports.ts';
import type { Receipts } from './receipts.ts';

export interface Owed {
  readonly notice: Extract<Notice, { kind: 'message' }>;
  readonly ttlSeconds: number;
  readonly urgency: 'normal' | 'high';
  /** When its message goes by itself. */
  readonly expires: number | null;
}

export class Notices {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #receipts: Receipts;
  readonly #feeds: Feeds;

  constructor(ports: NodePorts, conversations: Conversations, receipts: Receipts, feeds: Feeds) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#receipts = receipts;
    this.#feeds = feeds;
  }

  /** At least what this server has appended or heard of. */
  state(id: string): Promise<Conversation> {
    return this.#conversations.stateAppended(id);
  }

  /** Of a channel: whom its newest messages call by name. */
  async called({ id, head }: Conversation): Promise<string[]> {
    const { store, clock } = this.#ports;
    const { rows } = await store.read(`c/${id}`, Math.max(1, head - COUNTED_MAX + 1), COUNTED_MAX);
    const entries = rows.map((row) => entryOf(row, clock.now()));
    return [...new Set(entries.flatMap((entry) => (entry.kind === 'message' ? (entry.mentions ?? []) : [])))];
  }

  /** The newest message that the user has not read and is told of, or null. */
  async newest(user: string, id: string): Promise<Owed | null> {
    const { store, clock, directory } = this.#ports;
    const state = await this.#conversations.state(id);
    if (roleOf(state, user) === null) return null;
    const reader = await this.#reader(user, id);
    const from = Math.max(reader.read, state.head - COUNTED_MAX) + 1;
    if (from > state.head) return null;
    const recent = this.#conversations.recent(id);
    const { rows } = await store.read(`c/${id}`, from, state.head - from + 1);
    const gone = await goneIn(store, recent, id, from, state.head);
    const now = clock.now();
    const told = rows
      .map((row) => entryOf(row, now))
      .filter((entry): entry is MessageEntry => !gone.has(entry.seq) && isTold(state, reader, entry, now));
    const [hidden, blocked] = await Promise.all([this.#feeds.hidden(user, id), blockedBy(store, user)]);
    const shown = told.filter(({ seq, sender }) => !hidden.has(seq) && !blocked.has(sender));
    const message = shown.at(-1);
    if (!message) return null;
    const sender = await directory.profile(message.sender);
    const notice = noticeOf(state, reader, message, {
      body: await this.#bodyOf(id, message),
      sender: sender?.displayName ?? '',
      count: shown.length,
    });
    const urgent = state.kind === 'direct' || notice.mentioned;
    return {
      notice,
      ttlSeconds: ttlOf(state, message, now),
      urgency: urgent ? 'high' : 'normal',
      expires: message.expires ?? null,
    };
  }

  async #reader(user: string, id: string): Promise<Reader> {
    const { mute, archive, decline, noticeMentions, noticeShows } = settingKey;
    const keys = [mute(id), archive(id), decline(id), noticeMentions, noticeShows];
    const [read, [muted, archived, declined, mentions, shows]] = await Promise.all([
      this.#receipts.ownRead(user, id),
      this.#feeds.settingsOf(user, keys),
    ]);
    const quiet = muted === '1' || archived === '1';
    return {
      user,
      read,
      quiet,
      mentions: mentions === '1',
      declined: declined === '1',
      shows: (shows ?? '') as NoticeShows,
    };
  }

  /** As it was edited last; null once that is erased. */
  async #bodyOf(id: string, message: MessageEntry): Promise<Body | null> {
    const { store, clock } = this.#ports;
    const { deleted, edits } = await annotatedAt(store, this.#conversations.recent(id), id, message.seq);
    const edit = edits.at(-1);
    if (deleted) return null;
    if (edit === undefined) return message.body;
    const [row] = (await store.read(`c/${id}`, edit, 1)).rows;
    const entry = row?.seq === edit ? entryOf(row, clock.now()) : null;
    return entry?.kind === 'edited' ? entry.body : null;
  }
}
