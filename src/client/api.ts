/** The door of the SDK: everything that the web app, the terminal and bots do, they do through these. */
import type { Result } from '../protocol/commands.ts';
import type { Device, Entry, HistoryRule, Presence, Profile, Receipt, Role } from '../protocol/entities.ts';
import type { ConversationView, InboxView, MemberView, PendingMessage, Status, TimelineView } from './views.ts';

export interface MessengerEvents {
  /** A message that this device had not seen, of anybody, in the order of its conversation; not for older pages. */
  message: { readonly conversation: string; readonly entry: Entry };
  /** One's own message was stored. */
  sent: { readonly conversation: string; readonly key: string; readonly seq: number };
  /** One's own message was refused for good. */
  refused: { readonly pending: PendingMessage };
  status: Status;
}

/**
 * One device of one user. Views are read synchronously and stay the same object until they change; `subscribe` is
 * called after each change, at most once a turn. Promises reject with a `RequestFailed` that carries the code.
 */
export interface Messenger {
  readonly user: string;
  readonly device: string;
  /** Calls back after any view has changed. Returns how to stop. */
  subscribe(run: () => void): () => void;
  on<E extends keyof MessengerEvents>(event: E, run: (detail: MessengerEvents[E]) => void): () => void;

  status(): Status;
  inbox(): InboxView;
  conversation(id: string): ConversationView | null;
  loadMoreConversations(): Promise<void>;
  /**
   * Waits until the replica has caught up with the server's feed as of the call, for as long as it takes to connect.
   * Rejects when the connection ends for good, or breaks while the server is asked.
   */
  caughtUp(): Promise<void>;

  /** The profile held here, or null; asks the server in the background when it is not held. */
  profile(user: string): Profile | null;
  /** What is known of a watched user, else null. */
  presence(user: string): Presence | null;
  /** Replaces the users whose presence this device watches (at most 100) and keeps the watch alive. */
  watch(users: readonly string[]): void;
  /** Replaces the conversations that are on screen (at most 50): their receipts are kept fresh. */
  show(conversations: readonly string[]): void;

  /** Opens a window on a conversation's messages. Close it when it is no longer shown. */
  timeline(conversation: string, options?: { around?: number; page?: number }): Timeline;

  /**
   * Writes a message to the outbox; resolves with its key when it is safe on this device. It is sent in order, once,
   * for as long as it takes, also after a restart.
   */
  send(conversation: string, text: string, options?: { ref?: number; mentions?: readonly string[] }): Promise<string>;
  /**
   * Resolves with the seq when the message with this key is stored; rejects with the code when it is refused,
   * `not_found` when the outbox knows no such key, `offline` when the messenger is closed before.
   */
  stored(key: string): Promise<number>;
  pending(conversation: string): readonly PendingMessage[];
  /** Takes a refused, or never yet tried, message out of the outbox; false when it was tried and is not answered. */
  discard(key: string): Promise<boolean>;
  /** Sends a refused message once more, in its place in the outbox; false when it is none. */
  retry(key: string): Promise<boolean>;
  /**
   * Reports as read up to this seq, on all of one's devices; it shows here at once. Resolves when the server has it, or
   * the messenger is closed; never rejects.
   */
  markRead(conversation: string, seq: number): Promise<void>;
  typing(conversation: string): void;
  receipts(conversation: string, seq: number): Promise<readonly Receipt[]>;

  openDirect(user: string): Promise<string>;
  openSelf(): Promise<string>;
  createGroup(title: string, users: readonly string[], history?: HistoryRule): Promise<string>;
  addMembers(conversation: string, users: readonly string[]): Promise<void>;
  removeMember(conversation: string, user: string): Promise<void>;
  leave(conversation: string): Promise<void>;
  rename(conversation: string, title: string): Promise<void>;
  setRole(conversation: string, user: string, role: Role): Promise<void>;
  members(
    conversation: string,
    after?: string | null,
    limit?: number,
  ): Promise<{ members: readonly MemberView[]; next: string | null }>;

  mute(conversation: string, on: boolean): Promise<void>;
  pin(conversation: string, on: boolean): Promise<void>;
  archive(conversation: string, on: boolean): Promise<void>;
  /** Saved here at once and sent after a pause; '' removes it. */
  draft(conversation: string, text: string): void;
  setting(key: string): string;
  set(key: string, value: string): Promise<void>;

  people(query: string, after?: string | null, limit?: number): Promise<Result<'people'>>;
  setDisplayName(displayName: string): Promise<Profile>;
  devices(): Promise<readonly Device[]>;
  revokeDevice(device: string): Promise<void>;

  /** Tries to connect now instead of when the back-off ends. */
  reconnect(): void;
  /** Stops; storage keeps everything. */
  close(): Promise<void>;
}

export interface Timeline {
  readonly conversation: string;
  view(): TimelineView;
  subscribe(run: () => void): () => void;
  /** One more page at that end; resolves when it is there (or cannot be had: see the view's `failed`). */
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  loadGap(from: number, to: number): Promise<void>;
  /** Moves the window: around a seq, to the first message at or after a time, or to the newest. */
  jump(to: { seq: number } | { date: number } | 'newest'): Promise<void>;
  close(): void;
}
