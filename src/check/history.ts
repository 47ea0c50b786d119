/**
 * What everybody asked and was answered, on one clock. `test:faults` and `sim` write it with `--history FILE`, one JSON
 * object a line; `docs/testing.md` describes the fields.
 */
export interface Operation {
  /** Milliseconds on the machine's one clock. */
  readonly t: number;
  /** The device that asked. */
  readonly proc: string;
  readonly op: 'send' | 'read' | 'observe';
  readonly phase: 'start' | 'ok' | 'refused' | 'unknown';
  readonly conversation: string;
  readonly key?: string;
  readonly seq?: number;
  /** What a read answered, or an observer was shown, in the order in which it was shown. */
  readonly entries?: readonly (readonly [seq: number, key: string])[];
}

/** A conversation's log at the end, as the store has it. */
export interface FinalLog {
  readonly conversation: string;
  /** The entry by which all before it went; 0 where there is none. */
  readonly ended?: number;
  readonly entries: readonly {
    readonly seq: number;
    readonly key: string;
    readonly sender: string;
    readonly message: boolean;
    /** Whom a message calls. */
    readonly mentions?: readonly string[];
    /** What a message says, or an edit makes it say. */
    readonly text?: string;
    /** What the entry does to another, which it is then shown at: `edited`, `deleted`, `reacted`. */
    readonly act?: string;
    readonly target?: number;
    readonly emoji?: string;
    /** Its words went by themselves. */
    readonly gone?: boolean;
  }[];
}

/** A message as a device shows it. */
export interface ShownMessage {
  readonly seq: number;
  /** null once it is deleted, or gone by itself. */
  readonly text: string | null;
  readonly deletedBy: string | null;
  readonly edited: boolean;
  /** As `user emoji`. */
  readonly reactions: readonly string[];
}

/** What a device holds at the end of a conversation that its user is in. */
export interface FinalView {
  readonly proc: string;
  readonly user: string;
  readonly conversation: string;
  /** The seqs that the user may see. */
  readonly visible: (seq: number) => boolean;
  readonly entries: readonly (readonly [seq: number, key: string])[];
  readonly messages: readonly ShownMessage[];
  /** What the user has deleted for themselves is not shown. */
  readonly hidden: (seq: number) => boolean;
  /** Whoever the user blocks: what they say does not count. */
  readonly blocked: ReadonlySet<string>;
  readonly read: number;
  readonly unread: number;
  readonly firstUnread: number | null;
  readonly firstMention: number | null;
}
