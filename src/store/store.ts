/**
 * The store port: everything durable is a log, a max register, a record or a schedule.
 *
 * Each call is one atomic step on one partition. A call either returns (its effect, if it has one, is durable),
 * or throws `Unknown` (the effect may have happened, may not have, or may still happen), or throws `Unavailable`
 * (nothing happened and nothing will). Nothing else is thrown but `Corrupt` and bugs.
 */

/** `c/<conversation>` holds a conversation's entries, `f/<user>` a user's feed. */
export type LogId = `c/${string}` | `f/${string}`;

/**
 * What an append carries for one seq. `header` and `body` are JSON texts that the store never reads; `body` can be
 * scrubbed by itself. `sender` and `key` name the entry for `findKey`; rows of a feed have neither.
 */
export interface Row {
  readonly header: string;
  readonly body: string | null;
  /** When the body ends, in milliseconds since 1970: from the end of that hour on nobody can read its bytes. */
  readonly expires?: number;
  readonly sender?: string;
  readonly key?: string;
}

export interface StoredRow {
  readonly seq: number;
  readonly header: string;
  /** null when the entry has none, or when it was scrubbed or the key of its hour destroyed. */
  readonly body: string | null;
}

export type Appended =
  | { readonly kind: 'applied'; readonly last: number }
  | { readonly kind: 'moved'; readonly last: number };

/** `floor` is the last seq that was trimmed: rows `floor + 1 … head` are there. */
export interface Page {
  readonly rows: readonly StoredRow[];
  readonly floor: number;
}

export interface Register {
  readonly stamp: number;
  readonly value: string;
}

export interface KeyedRegister extends Register {
  readonly key: string;
}

export interface StoredRecord {
  readonly key: string;
  /** 1 when first put, then one more for each put. */
  readonly version: number;
  readonly value: string;
}

export interface Obligation {
  readonly conversation: string;
  /** The head that some append reached and that has not been discharged. */
  readonly seq: number;
}

export interface Scheduled {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly item: string;
}

/** Obligations and schedules are spread over this many shards; part of the data format. */
export const SHARDS = 16;
/** An append holds at most this many rows, on every engine. */
export const APPEND_ROWS_MAX = 64;
/** An append's headers, bodies and keys together, in bytes of UTF-8, on every engine. */
export const APPEND_BYTES_MAX = 256 * 1024;

export interface Store {
  /**
   * Writes rows `expectLast + 1 …` if the head still is `expectLast`; all or nothing. `moved` means that nothing was
   * written by *this call*, and says nothing of earlier attempts. Of a conversation it also leaves an obligation to
   * fan out, no later than the append. At most `APPEND_ROWS_MAX` rows and `APPEND_BYTES_MAX` bytes (a bug otherwise).
   */
  append(log: LogId, expectLast: number, rows: readonly Row[]): Promise<Appended>;
  /** Linearizable. On return every earlier append of that log that was in flight is decided. 0 for an empty log. */
  head(log: LogId): Promise<number>;
  /**
   * The contiguous run that starts at `max(from, floor + 1)` and holds at most `limit` rows, fewer only at the head.
   * Sees every append that returned before the call. Throws `Corrupt` for a hole below the head.
   */
  read(log: LogId, from: number, limit: number): Promise<Page>;
  /**
   * The seq in `(fromSeq, head]` of the entry with this sender and key, or null. Exact when `head` came from `head()`
   * and an append that expects that head follows.
   */
  findKey(conversation: string, sender: string, key: string, fromSeq: number, head: number): Promise<number | null>;

  /** Keeps, for each key, the value with the greatest stamp. The same stamp always means the same value. */
  raise(partition: string, registers: readonly KeyedRegister[]): Promise<void>;
  /** At least every raise that returned before the call. */
  getRegister(partition: string, key: string): Promise<Register | null>;
  /** In the order of keys (bytes of UTF-8), beginning after `after`; '' begins at the first. */
  listRegisters(partition: string, after: string, limit: number): Promise<readonly KeyedRegister[]>;

  /** Conversations whose fan-out is owed, in the order of ids, after `after`. */
  obligations(shard: number, after: string, limit: number): Promise<readonly Obligation[]>;
  /** Removes the obligation up to `seq`; one that an append has raised further stays. */
  discharge(conversation: string, seq: number): Promise<void>;

  getRecord(partition: string, key: string): Promise<StoredRecord | null>;
  /** Compare-and-set; `expectVersion` 0 means that there must be none. False when the version is another. */
  putRecord(partition: string, key: string, value: string, expectVersion: number): Promise<boolean>;
  /** False when the version is another. After it the key counts from version 1 again. */
  deleteRecord(partition: string, key: string, expectVersion: number): Promise<boolean>;
  listRecords(partition: string, after: string, limit: number): Promise<readonly StoredRecord[]>;

  /** Idempotent; the same item may stand at several times. */
  schedule(at: number, item: string): Promise<void>;
  /** What is due at `now` (inclusive), oldest first. It stays due until `unschedule`. */
  due(shard: number, now: number, limit: number): Promise<readonly Scheduled[]>;
  unschedule(at: number, item: string): Promise<void>;

  /** Removes rows up to `upTo` (at most the head) and raises the floor; never the head. */
  trim(log: LogId, upTo: number): Promise<void>;
  /** Removes an entry's body for good and keeps its header. */
  scrub(conversation: string, seq: number): Promise<void>;
  /**
   * Removes the bytes of what was scrubbed, trimmed, overwritten or deleted from the engine's files, too: in all logs and
   * partitions whose names begin with one of these.
   */
  compact(names: readonly string[]): Promise<void>;
  /** Destroys the keys of the hours that are over by then: no body that ended in them can be read any more. */
  destroyKeys(now: number): Promise<void>;

  /** One number for the whole store, from 1; part of every feed position. */
  epoch(): Promise<number>;
  /** Raises the epoch to at least `to`; returns what it is now. */
  raiseEpoch(to: number): Promise<number>;

  /** Waits for what is under way and releases the engine; every call after it is `Unavailable`. */
  close(): Promise<void>;
}

/** The outcome cannot be told: resolve it with `head` and `findKey`, or retry what is idempotent. */
export class Unknown extends Error {
  override readonly name = 'Unknown';
}

/** Definite: nothing happened, nothing will. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly reason: 'closed' | 'full' | 'failed' | 'no_quorum';

  constructor(message: string, reason: 'closed' | 'full' | 'failed' | 'no_quorum' = 'closed') {
    super(message);
    this.reason = reason;
  }
}

/** What is stored contradicts itself: a hole, a wrong checksum, a format of the future. */
export class Corrupt extends Error {
  override readonly name = 'Corrupt';
}

/** The shard of a conversation or scheduled item: FNV-1a of its characters. Part of the data format. */
export function shardOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SHARDS;
}
