/** What an application sees of the replica. Views are immutable; an unchanged view is the same object. */
import { type Annotations, annotated } from '../core/annotations.ts';
import type {
  ConversationKind,
  Entry,
  FileInfo,
  HistoryRule,
  Lifetime,
  Mark,
  MessageEntry,
  Profile,
  RequestStage,
  Role,
} from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';

export type Status =
  | { readonly state: 'connecting' }
  | { readonly state: 'online' }
  /** `retryAt` is in milliseconds of the clock's `now()`, null when only the network's return will do. */
  | { readonly state: 'offline'; readonly retryAt: number | null }
  | { readonly state: 'replaced' }
  | { readonly state: 'signedOut'; readonly by: string | null; readonly at: number | null }
  | { readonly state: 'wrongVersion' };

/** A file on this device that is to be sent. */
export interface NewFile {
  readonly content: Blob;
  readonly name: string;
  /** A file, byte by byte, when it is left out. A picture is drawn anew by the server and says nothing of where and when. */
  readonly as?: 'picture' | 'file';
  /** How large a picture is shown, where the application knows; told back as it is. */
  readonly width?: number;
  readonly height?: number;
}

/** `key` names its bytes, for `content`. */
export interface StagedFile extends Omit<NewFile, 'content' | 'as'> {
  readonly key: string;
  readonly bytes: number;
  readonly as: 'picture' | 'file';
}

/** A file of a message in the outbox that comes up from this device. */
export interface UploadView extends StagedFile {
  /** How much of it the server has; all of it once it is finished. */
  readonly sent: number;
  /** Once it is finished. */
  readonly file: FileInfo | null;
  /** Why its message was refused, where this file is the cause. */
  readonly code: ErrorCode | null;
}

/** A draft in the outbox. It stands below everything that has a number, in the order it was written. */
export interface PendingMessage {
  readonly key: string;
  readonly conversation: string;
  readonly text: string;
  readonly ref: number | null;
  readonly mentions: readonly string[];
  readonly forwarded: boolean;
  readonly files: readonly FileInfo[];
  /** Files that come up from this device, until the message is stored; they follow `files`. */
  readonly uploads: readonly UploadView[];
  /** When it was written, by this device's clock. */
  readonly at: number;
  /**
   * `uploading`: its files are not all up; `waiting`: not tried yet, or no connection; `sending`: tried and not answered;
   * `refused`: never sent again.
   */
  readonly state: 'uploading' | 'waiting' | 'sending' | 'refused';
  /** Why it was refused, or why the last try of this conversation stored nothing; null while nothing is known against it. */
  readonly code: ErrorCode | null;
}

/**
 * What a direct conversation between strangers is until both want it. `open`: nobody has written. `sent`: one has written
 * oneself, and may write no more. `received`: the other has; show the user name, which is all that their profile says
 * until then, and the text. `declined`: received, and not to be shown, also because one blocks them.
 */
export type RequestView = RequestStage | 'declined';

export interface ConversationView {
  readonly id: string;
  readonly kind: ConversationKind;
  readonly title: string;
  /** Of a group, for `groupPicturePath`; null where it has none. */
  readonly picture: string | null;
  readonly peer: string | null;
  readonly request: RequestView | null;
  /** One blocks the other one of a direct conversation: neither can write here. */
  readonly blocked: boolean;
  /** Whose invitation to the server the other one has joined by; null where none began this conversation. */
  readonly invitedBy: string | null;
  readonly role: Role;
  /** What whoever joins may see: all, or what comes after them. */
  readonly history: HistoryRule;
  /** False once one has left or was removed; what was stored on this device stays readable. */
  readonly member: boolean;
  /** Who removed one; null while one is a member, when one left, and when that is not known here. */
  readonly removedBy: string | null;
  /** How long what is said stays. */
  readonly lifetime: Lifetime;
  /** When a conversation that was temporary as a whole ended, and all of it went; else null. */
  readonly ended: number | null;
  readonly memberCount: number;
  readonly head: number;
  /** The newest message as it stands now, without a body once it is deleted, and when something last happened. */
  readonly last: Entry | null;
  /** Who deleted it; null while it stands. */
  readonly lastDeletedBy: string | null;
  /** The pinned messages, the last pinned one last. */
  readonly pins: readonly number[];
  readonly lastPending: PendingMessage | null;
  readonly at: number;
  readonly read: number;
  /** 1000 stands for more than 999. */
  readonly unread: number;
  /** The first message that is unread; null when none is, or more than 999 are. */
  readonly firstUnread: number | null;
  /** The first of them that calls one by name; of the newest 1,000 entries when more than 999 are unread. */
  readonly firstMention: number | null;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly muted: boolean;
  readonly pinned: boolean;
  readonly archived: boolean;
  /** The newest draft of any device. */
  readonly draft: string;
  /** Who is typing now, without oneself. */
  readonly typing: readonly string[];
}

export interface InboxView {
  /** Pinned first, then newest first; archived ones among them, marked. */
  readonly conversations: readonly ConversationView[];
  /** False until the first list has come, from this device's storage or from the server. */
  readonly loaded: boolean;
  /** Whether `loadMoreConversations` would bring more. */
  readonly more: boolean;
  /** Sum of unread over conversations that are neither muted nor archived, nor requests. */
  readonly unread: number;
  /** Requests that wait for an answer. */
  readonly requests: number;
}

/** What was done to a message after it was sent. */
export interface Acts {
  /** When it was last edited. */
  readonly editedAt: number | null;
  /** Who deleted it for everyone. */
  readonly deletedBy: string | null;
  /** Some of it was done here, and is not known to be stored yet. */
  readonly waits?: true;
  /** In the order in which each emoji was first chosen; who chose it, in that order. */
  readonly reactions: readonly { readonly emoji: string; readonly users: readonly string[] }[];
}

/** What one did to a message and was refused. */
export interface UndoneAct {
  readonly key: string;
  readonly conversation: string;
  readonly seq: number;
  readonly kind: 'edited' | 'deleted' | 'reacted' | 'pinned';
  /** Of an edit, so that it is not lost. */
  readonly text: string | null;
  readonly code: ErrorCode;
}

export interface MessageView {
  /** As it stands now: with the words of its newest edit, and a body of null once it is deleted. */
  readonly entry: MessageEntry;
  readonly acts?: Acts;
}

export function viewMessage(entry: MessageEntry, annotations: Annotations | null, waits = false): MessageView {
  if (!annotations) return { entry };
  const standing = annotated(entry, annotations);
  const acts = actsOf(annotations, waits);
  return acts ? { entry: standing, acts } : { entry: standing };
}

function actsOf({ edited, deleted, reactions }: Annotations, waits: boolean): Acts | null {
  const chosen = [...reactions.values()].filter(({ emoji }) => emoji !== '').sort((a, b) => a.seq - b.seq);
  const users = new Map<string, string[]>();
  for (const { emoji, by } of chosen) users.set(emoji, [...(users.get(emoji) ?? []), by]);
  if (!edited && !deleted && users.size === 0 && !waits) return null;
  const listed = [...users].map(([emoji, by]) => ({ emoji, users: by }));
  const acts = { editedAt: edited?.at ?? null, deletedBy: deleted?.by ?? null, reactions: listed };
  return waits ? { ...acts, waits } : acts;
}

export interface FoundMessage extends MessageView {
  readonly conversation: string;
}

export interface SearchView {
  /** Newest first, each once. */
  readonly hits: readonly FoundMessage[];
  /** More may come by itself. */
  readonly looking: boolean;
  /** Whether `loadMore` would bring more. */
  readonly more: boolean;
  /** False while the server is still making older messages ready to be found. */
  readonly complete: boolean;
  /** Why there is nothing but what this device holds; `offline` mends itself. */
  readonly failed: ErrorCode | 'offline' | null;
}

/** Edits, deletions and reactions stand at the messages that they are about, and are no items. */
export type TimelineItem =
  | {
      readonly kind: 'entry';
      readonly entry: Entry;
      readonly acts?: Acts;
      /** In a group, of somebody whom one blocks: to be shown only when one asks for it. */
      readonly blocked?: true;
    }
  | { readonly kind: 'pending'; readonly pending: PendingMessage }
  /** Seqs that exist and are not held here; `loadGap` fetches them. */
  | { readonly kind: 'gap'; readonly from: number; readonly to: number };

export interface TimelineView {
  readonly items: readonly TimelineItem[];
  /** Whether the first entry that one may see is among the items. */
  readonly atStart: boolean;
  /** Whether the newest entry is among the items; then pending messages are, too. */
  readonly atEnd: boolean;
  readonly loading: 'none' | 'older' | 'newer' | 'jump';
  /** Set when the last load was refused or had no connection. */
  readonly failed: ErrorCode | 'offline' | null;
}

export interface MemberView {
  readonly user: string;
  readonly role: Role;
  readonly profile: Profile | null;
}
