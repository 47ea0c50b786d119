/** What the server holds everybody to; configuration may change it, `hello` tells the client what is in force. */
export interface Limits {
  /** Bytes of UTF-8. */
  readonly textBytes: number;
  readonly frameBytes: number;
  readonly titleBytes: number;
  readonly settingBytes: number;
  readonly groupMembers: number;
  /** Sends a user may make each second, on average, and how many may be owed at once. */
  readonly sendsPerSecond: number;
  readonly sendsBurst: number;
  /** Commands other than sends, likewise, each connection. */
  readonly commandsPerSecond: number;
  readonly commandsBurst: number;
  readonly connectionsPerUser: number;
  /** How long a client waits between two pings, and how long the server waits for one, in milliseconds. */
  readonly heartbeatMs: number;
  readonly deadAfterMs: number;
  /** The largest file. */
  readonly fileBytes: number;
  /** What one user may have uploaded, or begun to upload, and not yet sent: files, and their bytes together. */
  readonly uploads: number;
  readonly uploadBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  textBytes: 16 * 1024,
  frameBytes: 64 * 1024,
  titleBytes: 256,
  settingBytes: 20 * 1024,
  groupMembers: 10_000,
  sendsPerSecond: 30,
  sendsBurst: 2_000,
  commandsPerSecond: 100,
  commandsBurst: 1_000,
  connectionsPerUser: 20,
  heartbeatMs: 20_000,
  deadAfterMs: 45_000,
  fileBytes: 100_000_000,
  uploads: 40,
  uploadBytes: 1_000_000_000,
};

/** Drafts in one `send`; part of the protocol. */
export const SEND_DRAFTS_MAX = 64;
/** Messages in one page of history, conversations or members in one page of theirs; part of the protocol. */
export const PAGE_MAX = 200;
/** How long messages may stay where a timer runs, in seconds. */
export const LIFETIME_SECONDS_MIN = 5;
export const LIFETIME_SECONDS_MAX = 365 * 86_400;
/** Messages whose time begins with one entry. */
export const STARTED_MAX = 500;
/** People whom one message may call by name. */
export const MENTIONS_MAX = 50;
/** How often one message may be edited. */
export const EDITS_MAX = 100;
/** People who may react to one message, and different emoji that they may choose. */
export const REACTIONS_MAX = 1_000;
export const EMOJI_MAX = 20;
/** Of one emoji, in UTF-16: families and flags are long. */
export const EMOJI_LENGTH_MAX = 40;
/** Messages of one conversation that may be pinned at once. */
export const PINS_MAX = 50;
/** Messages that a user may hide from the own devices. */
export const HIDDEN_MAX = 10_000;
/** People whom a user may block. */
export const BLOCKED_MAX = 1_000;
/** Of what somebody writes to those who run the server, in UTF-16. */
export const REPORT_COMMENT_MAX = 1_000;
/** How long a report is kept in any case, and once it is done. */
export const REPORT_KEPT_MS = 180 * 86_400_000;
export const REPORT_DONE_KEPT_MS = 30 * 86_400_000;
/** Files that one message may carry. */
export const ATTACHMENTS_MAX = 10;
/** A file's name, in bytes of UTF-8. */
export const FILE_NAME_BYTES = 255;
/** The largest part of an upload, and the smallest that is not its last, in bytes. */
export const PART_BYTES_MAX = 512 * 1024;
export const PART_BYTES_MIN = 64 * 1024;
/** How long what was begun to be uploaded, or was uploaded and not sent, is kept. */
export const UPLOAD_KEPT_MS = 86_400_000;
/** Addresses of files that one command asks for. */
export const ADDRESSES_MAX = 100;
/** Conversations that a ping may name as shown. */
export const SHOWN_MAX = 50;
/** Users whose presence one connection may watch. */
export const WATCHED_MAX = 100;
/** A conversation that ever had more members is a channel: its members keep a cursor instead of feed pointers. */
export const FEED_MEMBERS_MAX = 256;
/** A summary carries the marks of all members of conversations up to this size. */
export const MARKS_INLINE_MAX = 16;
/** Unread numbers above this are shown as "999+". */
export const UNREAD_COUNTED_MAX = 999;
/** Idle presence watches end after this long, in milliseconds; watching again renews them. */
export const WATCH_LEASE_MS = 120_000;
export const TYPING_MS = 5_000;
/** How long after an account was made its first recovery code is given without the password, in milliseconds. */
export const FRESH_ACCOUNT_MS = 600_000;
/** People whom one invitation may let in, and how long it may do so, in hours. */
export const INVITATION_USES_MAX = 1_000;
export const INVITATION_HOURS_MAX = 8_760;
