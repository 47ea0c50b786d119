/** The door of the SDK: everything that the web app, the terminal and bots do, they do through these. */
import type { Request, Result } from '../protocol/commands.ts';
import type { Community } from '../protocol/community.ts';
import type {
  Device,
  Entry,
  FileInfo,
  Having,
  HistoryRule,
  Lifetime,
  Presence,
  Profile,
  Receipt,
  Role,
} from '../protocol/entities.ts';
import type { Reason, Report } from '../protocol/reports.ts';
import type {
  ConversationView,
  InboxView,
  MemberView,
  MessageView,
  NewFile,
  PendingMessage,
  SearchView,
  StagedFile,
  Status,
  TimelineView,
  UndoneAct,
} from './views.ts';

export interface MessengerEvents {
  /** A message that this device had not seen, of anybody, in the order of its conversation; not for older pages. */
  message: { readonly conversation: string; readonly entry: Entry };
  /** Something was done to these messages, whether or not they are held here. */
  changed: { readonly conversation: string; readonly seqs: readonly number[] };
  /** One's own message was stored, or what one did to a message. */
  sent: { readonly conversation: string; readonly key: string; readonly seq: number };
  /** One's own message was refused for good. */
  refused: { readonly pending: PendingMessage };
  /** What one did to a message was refused for good, and shows no more. */
  undone: UndoneAct;
  status: Status;
}

export interface SendOptions {
  /** The seq of the message that it answers. */
  readonly ref?: number;
  readonly mentions?: readonly string[];
  /** It was said elsewhere before. */
  readonly forwarded?: boolean;
  /**
   * Of `uploadFile`, for this conversation, or files of this device, which then come up in parts, over cuts and restarts;
   * the text may be empty. At most 10 with those that are staged.
   */
  readonly files?: readonly (FileInfo | NewFile)[];
  /** Also what is staged in the conversation. */
  readonly staged?: boolean;
}

/**
 * One device of one user. Views are read synchronously and stay the same object until they change; `subscribe` is
 * called after each change, at most once a turn. Promises reject with a `RequestFailed` that carries the code:
 * `offline` when there is no connection or no answer within 20 s, and then it is not known whether anything was done.
 * What changes something is repeated for a while when the server is busy; `send`, and what is done to a message, wait for
 * a connection. Times
 * are milliseconds since 1970 of the server's clock.
 */
export interface Messenger {
  readonly user: string;
  readonly device: string;
  /** Calls back after any view has changed. Returns how to stop. */
  subscribe(run: () => void): () => void;
  on<E extends keyof MessengerEvents>(event: E, run: (detail: MessengerEvents[E]) => void): () => void;

  status(): Status;
  /**
   * False while storage takes nothing, as on a full disk: what is new is held in memory only, and what is written is
   * not sent. It is tried again each second.
   */
  keeps(): boolean;
  inbox(): InboxView;
  conversation(id: string): ConversationView | null;
  /** Resolves when all conversations are held; they come by themselves, and this only waits for them. */
  loadMoreConversations(): Promise<void>;
  /**
   * Waits until the replica has caught up with the server's feed as of the call, for as long as it takes to connect.
   * Rejects when the connection ends for good, or breaks while the server is asked.
   */
  caughtUp(): Promise<void>;

  /**
   * The profile held here, or null; asks the server in the background when it is not held. Of a stranger whose request is
   * not answered the display name is empty.
   */
  profile(user: string): Profile | null;
  /** What is known of a watched user, else null. */
  presence(user: string): Presence | null;
  /** Replaces the users whose presence this device watches (at most 100) and keeps the watch alive. */
  watch(users: readonly string[]): void;
  /** Replaces the conversations that are on screen (at most 50): their receipts are kept fresh. */
  show(conversations: readonly string[]): void;

  /**
   * Looks for messages in all conversations that one is a member of: parts of words, in any language; all words of the
   * query must be there, in quotation marks as they stand. What this device holds shows at once, the server's after it.
   * Close it when it is no longer shown.
   */
  search(request: SearchRequest): Search;

  /** Opens a window on a conversation's messages. Close it when it is no longer shown. */
  timeline(conversation: string, options?: { around?: number; page?: number }): Timeline;

  /**
   * Writes a message to the outbox; resolves with its key when it is safe on this device. It is sent in order, once,
   * for as long as it takes, also after a restart. `mentions` left out are the members whose profiles are held here and
   * who are called by name, as in "@mara". With files it is sent once they are all up, and what is written after it in
   * the same conversation waits for it.
   */
  send(conversation: string, text: string, options?: SendOptions): Promise<string>;
  /**
   * Resolves with the seq when the message with this key is stored; rejects with the code when it is refused,
   * `not_found` when the outbox knows no such key, `offline` when the messenger is closed before.
   */
  stored(key: string): Promise<number>;
  /** The outbox of a conversation, in the order of writing. */
  pending(conversation: string): readonly PendingMessage[];
  /**
   * Takes a refused, or never yet tried, message out of the outbox, and ends its uploads; false when it was tried and is
   * not answered.
   */
  discard(key: string): Promise<boolean>;
  /**
   * Sends a refused message once more, in its place in the outbox; false when it is none. As `file`, what it was refused
   * for is sent byte by byte, and not as a picture.
   */
  retry(key: string, options?: { as?: 'file' }): Promise<boolean>;

  /** Files that were chosen for the next message: kept on this device, also over a restart, until it is sent. */
  staged(conversation: string): readonly StagedFile[];
  /** Chooses more, up to 10; resolves with their keys when they are safe on this device. They show at once. */
  stage(conversation: string, files: readonly NewFile[]): Promise<readonly string[]>;
  unstage(conversation: string, key: string): void;
  /** The most that a file may hold, as far as the server has told. */
  fileBytes(): number;
  /** The bytes of what is staged, or comes up from this device; null when they are not here any more. */
  content(key: string): Promise<Blob | null>;
  /**
   * Reports as read up to this seq, on all of one's devices; it shows here at once. Resolves when the server has it, or
   * the messenger is closed; never rejects.
   */
  markRead(conversation: string, seq: number): Promise<void>;
  /**
   * Reports all conversations as read in which something is unread, but for requests, each up to its end with one report.
   * Resolves with how many when the server has them all.
   */
  markAllRead(): Promise<number>;
  /** To be called while one types: it is told at most every 3 s, and ends by itself after 5. */
  typing(conversation: string): void;
  /** Who has received and read this message, and when. */
  receipts(conversation: string, seq: number): Promise<readonly Receipt[]>;

  /** One message as it stands now, from this device or the server; null where there is none that one may see. */
  message(conversation: string, seq: number): Promise<MessageView | null>;
  /**
   * What one does to a message. It shows here at once, marked as waiting, and on all devices of all members once it is
   * stored; until then it is kept and sent again, in its order among what one writes there, also after a restart.
   * Resolves when it is stored; what is refused shows no more, an `undone` tells. Rejects with `not_found` for what is no
   * message, `message_deleted`, `not_allowed`, and `not_answered` in a request; editing is for one's own
   * messages, pinning in a group for its owners and admins. `mentions` are as in `send`.
   */
  editMessage(conversation: string, seq: number, text: string, options?: Pick<SendOptions, 'mentions'>): Promise<void>;
  /** For everyone: one's own, in a group as owner all others', as admin those that no owner wrote. Its words are erased. */
  deleteMessage(conversation: string, seq: number): Promise<void>;
  /** For oneself, on all of one's devices, or takes that back. */
  hideMessage(conversation: string, seq: number, on?: boolean): Promise<void>;
  /** One emoji for each person and message, in place of the one before; '' takes it back. */
  react(conversation: string, seq: number, emoji: string): Promise<void>;
  pinMessage(conversation: string, seq: number, pinned?: boolean): Promise<void>;
  /**
   * Where files of messages can be fetched, without a header, until `until`: paths of the server, or whole addresses where
   * something else keeps them. `missing` are in no message that one may see.
   */
  addresses(conversation: string, files: readonly string[]): Promise<Result<'addresses'>>;
  /**
   * Writes its words into other conversations, marked as forwarded; resolves with the keys, as `send` does. Files go along
   * without a second upload: that takes a connection, and rejects with `not_found` once they are gone. Where there are several
   * conversations they are taken in turn, so that the first may have it when it rejects.
   */
  forwardMessage(conversation: string, seq: number, to: readonly string[]): Promise<readonly string[]>;
  /** What it said at first and after each edit. */
  versions(conversation: string, seq: number): Promise<Result<'versions'>['versions']>;

  /** Opening resolves with the conversation's id, the same each time; for a person `not_found` when there is none. */
  openDirect(user: string): Promise<string>;
  openSelf(): Promise<string>;
  /**
   * Makes an ordinary conversation of a request, for both and for ever; so does writing. Rejects with `not_asked` where
   * there is none to answer.
   */
  accept(conversation: string): Promise<void>;
  /** Declines a request, or takes that back. Only one's own devices learn it; the sender goes on waiting. */
  decline(conversation: string, on?: boolean): Promise<void>;
  /**
   * Blocks somebody, or does so no more, on all of one's devices. A block holds both ways: neither can write to the other
   * alone, add the other to a group, or see of the other when they are here, type and read; and what they say in a group
   * counts as nothing and is marked as `blocked`. They are not told. Rejects with `too_many` above 1,000.
   */
  block(user: string): Promise<void>;
  unblock(user: string): Promise<void>;
  /** Whom one blocks, and since when. */
  blocked(): ReadonlyMap<string, number>;
  /**
   * With at most 256 others at once; `history` is what newcomers may see, only what came after them when left out. Where
   * people are strangers this, and `addMembers`, reject with `not_acquainted` for whoever has not accepted oneself.
   */
  createGroup(title: string, users: readonly string[], history?: HistoryRule, lifetime?: Lifetime): Promise<string>;
  /** A chat of two beside the one that stays: all of it goes at `until`, if that is said, or when both have left it. */
  createTemporary(user: string, until?: number): Promise<string>;
  /**
   * How long what is said from now on stays, for everybody; of a conversation that is temporary as a whole, when it ends.
   * Either of two may change it, and whoever leads a group. Between two what stays does not become what ends.
   */
  setLifetime(conversation: string, lifetime: Lifetime): Promise<void>;
  /** Takes a conversation that has ended from the list, on all of one's devices. */
  remove(conversation: string): Promise<void>;
  /** These reject with `not_allowed` where one's role does not suffice, and `last_owner` where nobody would own it. */
  addMembers(conversation: string, users: readonly string[]): Promise<void>;
  removeMember(conversation: string, user: string): Promise<void>;
  leave(conversation: string): Promise<void>;
  rename(conversation: string, title: string): Promise<void>;
  /**
   * A picture of `uploadFile` for this group, as `picture`; null takes it away. As for `rename` one is its owner or admin;
   * `file_gone` for what is no picture that one uploaded to it within a day.
   */
  setGroupPicture(conversation: string, picture: FileInfo | null): Promise<void>;
  setRole(conversation: string, user: string, role: Role): Promise<void>;
  /**
   * Pages of members, by `next`; profiles that are not held yet are null and come later. With a query, those whose name, or
   * a word of whose display name, begins so; a page of them may be short before the end.
   */
  members(
    conversation: string,
    after?: string | null,
    limit?: number,
    query?: string,
  ): Promise<{ members: readonly MemberView[]; next: string | null }>;

  /** Settings show when they are answered, on all of one's devices. */
  mute(conversation: string, on: boolean): Promise<void>;
  pin(conversation: string, on: boolean): Promise<void>;
  archive(conversation: string, on: boolean): Promise<void>;
  /** Saved here at once and sent after a pause; '' removes it. */
  draft(conversation: string, text: string): void;
  /** '' where nothing was set. Keys are of the protocol. */
  setting(key: string): string;
  set(key: string, value: string): Promise<void>;

  /** People whose name, or a word of whose display name, begins so; pages by `next`. */
  people(query: string, after?: string | null, limit?: number): Promise<Result<'people'>>;
  setDisplayName(displayName: string): Promise<Profile>;
  /**
   * One's own picture, for whoever sees the profile: what `uploadFile` gave `as: 'picture'` for the conversation of
   * `openSelf`; null takes it away. What was there before is erased. Rejects with `not_found` for anything else.
   */
  setPicture(picture: FileInfo | null): Promise<Profile>;
  devices(): Promise<readonly Device[]>;
  /** What a browser needs to subscribe to notifications, and where this device is notified; both null when not at all. */
  notifications(): Promise<Result<'notifications'>>;
  /** Has this device notified, in place of what was there before, as the browser's `PushSubscription` says. */
  subscribePush(subscription: Request<'subscribe'>): Promise<void>;
  unsubscribePush(): Promise<void>;
  /** Sends this device a notification; resolves with what its push service answered. */
  testNotification(): Promise<Result<'testNotification'>>;
  /** Signs a device of one's own out: its connections close within a second. */
  revokeDevice(device: string): Promise<void>;

  /** What the server was called when it was last heard of, also without a connection; '' before that. */
  serverName(): string;
  /** What the server is called and who may join it. */
  community(): Promise<Community>;
  /** For the server's owner and admins, else `not_allowed`. */
  changeCommunity(change: Request<'changeCommunity'>): Promise<Community>;
  /**
   * Makes an invitation: one person for a week to the server when nothing is said. The code is shown only now. Rejects
   * with `not_allowed` for a group to which one may add nobody, and for admins where one is none.
   */
  invite(options?: Partial<Request<'invite'>>): Promise<Result<'invite'>>;
  /** Those that still let somebody in, by `next`: all for the server's owner and admins, else one's own. */
  invitations(after?: string | null, limit?: number): Promise<Result<'invitations'>>;
  uninvite(invitation: string): Promise<void>;
  /** Joins what an invitation leads to; resolves with it, or null for one to the server that others use. Rejects with `link_ended` or `not_found`. */
  useInvitation(code: string): Promise<string | null>;
  /** A link that signs one more device of one's own in, once, before `until`. */
  addDevice(): Promise<Result<'addDevice'>>;

  /**
   * Tells those who run the server of somebody, or of a message of theirs that one may see; its words go with it only with
   * `copy`. Rejects with `too_many_tries` after 20 at once, and `offline` when it is not known whether it arrived: said once
   * more it is the same report.
   */
  report(
    about: string,
    reason: Reason,
    options?: Pick<Request<'report'>, 'message'> & { readonly comment?: string },
  ): Promise<void>;

  /** The rest is for the server's owner and admins, and only with accounts below their own; else `not_allowed`. */
  accounts(query?: string, after?: string | null, limit?: number): Promise<Result<'accounts'>>;
  /** For the owner alone. */
  setServerRole(user: string, role: Request<'setServerRole'>['role']): Promise<Profile>;
  /** Ends all sessions of the account within a second; nobody signs in to it until it is reactivated. */
  deactivate(user: string): Promise<Profile>;
  reactivate(user: string): Promise<Profile>;
  /** What people have reported, newest first, by `next`; it is erased 30 days after it is done, and after 180 in any case. */
  reports(open: boolean, after?: string | null, limit?: number): Promise<Result<'reports'>>;
  settleReport(report: string, done?: boolean): Promise<Report>;
  /** A link for somebody who forgot the password: good once, for an hour; using it ends all sessions of the account. */
  signInLink(user: string): Promise<Result<'signInLink'>>;

  /**
   * Tries to connect now instead of when the back-off ends; where there is a connection, asks whether it still holds,
   * and takes it for lost when nothing is heard for `patienceMs` (5 s).
   */
  reconnect(patienceMs?: number): void;
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

export interface SearchRequest {
  /** As it was typed; '' finds all that the rest lets through. */
  readonly query: string;
  readonly conversation?: string;
  readonly sender?: string;
  readonly has?: Having;
  /** When it was written, in milliseconds since 1970; `to` is the first that is too late. */
  readonly from?: number;
  readonly to?: number;
  /** Messages that the server is asked for at once; 30 when it is left out. */
  readonly page?: number;
}

export interface Search {
  view(): SearchView;
  subscribe(run: () => void): () => void;
  /** Asks the server for older ones; resolves when they are there (or cannot be had: see the view's `failed`). */
  loadMore(): Promise<void>;
  /** Resolves when neither this device nor the server is being looked through. */
  settled(): Promise<void>;
  close(): void;
}
