/** The store over an ordered key-value engine that belongs to this process. Memory and LevelDB differ only below it. */
import {
  above,
  decodeRow,
  decodeValue,
  encodeRow,
  encodeValue,
  keyOf,
  lastNumber,
  rangesOf,
  TABLE,
  textAt,
} from './codec.ts';
import { GroupCommit, lastCommit } from './group-commit.ts';
import { type Head, Heads } from './heads.ts';
import { Keyring } from './keyring.ts';
import type { KeyValue, Operation } from './keyvalue.ts';
import {
  type Appended,
  Corrupt,
  type KeyedRegister,
  type LogId,
  type Obligation,
  type Page,
  type Register,
  type Row,
  type Scheduled,
  SHARDS,
  type Store,
  type StoredRecord,
  type StoredRow,
  shardOf,
  Unavailable,
} from './store.ts';

export interface StoreOptions {
  /** Asked before each commit: why nothing may be written now. */
  readonly admit?: () => Promise<Unavailable | null>;
  /** After the first write error nothing more is written; the process should end. */
  readonly onFailure?: (error: unknown) => void;
  /** The number of the last commit, as something outside the engine knows it. */
  readonly lastCommit?: number;
  /** For bodies with an end; one that goes with the process when it is left out. */
  readonly keyring?: Keyring;
}

export const DATA_FORMAT = 1;
const TRIM_ROWS = 1_000;

/** Opens what is there, or makes it. Throws `Corrupt` when the engine has lost something. */
export async function openStore(keyvalue: KeyValue, options: StoreOptions = {}): Promise<KeyValueStore> {
  const last = await lastCommit(keyvalue);
  if (last < (options.lastCommit ?? 0)) {
    throw new Corrupt(
      `The engine lost its last ${options.lastCommit! - last} commits. Restore the data folder from a backup.`,
    );
  }
  const commit = new GroupCommit(
    keyvalue,
    last,
    options.admit ?? (() => Promise.resolve(null)),
    options.onFailure ?? (() => {}),
  );
  const formatKey = keyOf(TABLE.meta, 'format');
  const stored = await keyvalue.get(formatKey);
  const found = stored ? decodeValue<{ format: number; shards: number }>(stored, 'The format record') : null;
  if (found && (found.format > DATA_FORMAT || found.shards !== SHARDS)) {
    throw new Corrupt(
      `The data has format ${found.format}, this program reads up to ${DATA_FORMAT}. Run a newer version.`,
    );
  }
  if (!found) {
    await commit.write([{ type: 'put', key: formatKey, value: encodeValue({ format: DATA_FORMAT, shards: SHARDS }) }]);
  }
  return new KeyValueStore(keyvalue, commit, options.keyring ?? new Keyring());
}

export class KeyValueStore implements Store {
  readonly #kv: KeyValue;
  readonly #commit: GroupCommit;
  readonly #heads = new Heads();
  readonly #loading = new Map<LogId, Promise<Head>>();
  readonly #locks = new Map<string, Promise<unknown>>();
  readonly #keyring: Keyring;
  #closed = false;

  constructor(keyvalue: KeyValue, commit: GroupCommit, keyring: Keyring) {
    this.#keyring = keyring;
    this.#kv = keyvalue;
    this.#commit = commit;
    commit.onUndone = () => this.#heads.forgetAll();
  }

  append(log: LogId, expectLast: number, rows: readonly Row[]): Promise<Appended> {
    return this.#withHead(log, (head) => this.#append(log, head, expectLast, rows));
  }

  async #append(log: LogId, head: Head, expectLast: number, rows: readonly Row[]): Promise<Appended> {
    if (head.pending !== expectLast) {
      await this.#settled(head);
      return { kind: 'moved', last: head.committed };
    }
    const last = expectLast + rows.length;
    const operations: Operation[] = [];
    for (const [i, row] of rows.entries()) {
      const seq = expectLast + 1 + i;
      operations.push({ type: 'put', key: keyOf(TABLE.rows, log, seq), value: this.#encode(row) });
      if (row.sender !== undefined && row.key !== undefined) {
        operations.push({ type: 'put', key: keyOf(TABLE.keys, log, row.sender, row.key), value: encodeValue(seq) });
      }
    }
    operations.push({ type: 'put', key: keyOf(TABLE.heads, log), value: encodeValue([last, head.floor]) });
    if (log.startsWith('c/')) {
      const id = log.slice(2);
      operations.push({ type: 'put', key: keyOf(TABLE.obligations, shardOf(id), id), value: encodeValue(last) });
    }
    head.pending = last;
    await this.#queued(head, operations);
    head.committed = Math.max(head.committed, last);
    return { kind: 'applied', last };
  }

  #encode({ header, body, expires }: Row): Buffer {
    return encodeRow(header, body === null || expires === undefined ? body : this.#keyring.seal(body, expires));
  }

  #decode(value: Buffer, what: string): { header: string; body: string | null } {
    return decodeRow(value, what, (sealed) => this.#keyring.open(sealed));
  }

  /** Queues a change of this log, so that `head` waits for it. */
  async #queued(head: Head, operations: readonly Operation[]): Promise<void> {
    const written = this.#write(operations);
    head.tail = written.catch(() => {});
    await written;
  }

  #write(operations: readonly Operation[]): Promise<void> {
    return this.#closed ? Promise.reject(new Unavailable('The store is closed.')) : this.#commit.write(operations);
  }

  async #settled(head: Head): Promise<void> {
    let tail: Promise<void>;
    do {
      tail = head.tail;
      await tail;
    } while (tail !== head.tail);
  }

  /** Runs in one turn with looking the head up: nothing is built upon one that was forgotten meanwhile. */
  async #withHead<T>(log: LogId, run: (head: Head) => Promise<T>): Promise<T> {
    let head = this.#heads.get(log);
    while (!head) {
      await this.#loadHead(log);
      head = this.#heads.get(log);
    }
    return run(head);
  }

  /** Callers that come while it is read go on in the order in which they came. */
  #loadHead(log: LogId): Promise<Head> {
    let loading = this.#loading.get(log);
    if (!loading) {
      loading = this.#readHead(log).finally(() => this.#loading.delete(log));
      this.#loading.set(log, loading);
    }
    return loading;
  }

  async #readHead(log: LogId): Promise<Head> {
    const value = await this.#get(keyOf(TABLE.heads, log));
    const [last, floor] = value ? decodeValue<[number, number]>(value, `The head of ${log}`) : [0, 0];
    return this.#heads.remember(log, last, floor);
  }

  #get(key: Buffer): Promise<Buffer | undefined> {
    if (this.#closed) return Promise.reject(new Unavailable('The store is closed.'));
    return this.#kv.get(key);
  }

  #range(from: Buffer, to: Buffer, limit: number): Promise<[Buffer, Buffer][]> {
    if (this.#closed) return Promise.reject(new Unavailable('The store is closed.'));
    return this.#kv.range(from, to, limit);
  }

  async head(log: LogId): Promise<number> {
    if (this.#closed) throw new Unavailable('The store is closed.');
    const head = this.#heads.get(log) ?? (await this.#loadHead(log));
    if (head.pending !== head.committed) await this.#settled(head);
    return (this.#heads.get(log) ?? (await this.#loadHead(log))).committed;
  }

  async read(log: LogId, from: number, limit: number): Promise<Page> {
    const head = this.#heads.get(log) ?? (await this.#loadHead(log));
    const last = head.committed;
    const start = Math.max(from, head.floor + 1);
    const end = Math.min(last, start + limit - 1);
    if (end < start) return { rows: [], floor: head.floor };
    const found = await this.#range(keyOf(TABLE.rows, log, start), keyOf(TABLE.rows, log, end + 1), end - start + 1);
    const rows: StoredRow[] = found.map(([key, value]) => {
      const seq = lastNumber(key);
      return { seq, ...this.#decode(value, `Row ${seq} of ${log}`) };
    });
    const trimmed = head.floor >= start;
    for (const [i, row] of rows.entries()) {
      if (row.seq !== start + i && !trimmed) throw new Corrupt(`Row ${start + i} of ${log} is missing.`);
    }
    if (trimmed) return this.read(log, from, limit);
    if (rows.length !== end - start + 1) throw new Corrupt(`Row ${start + rows.length} of ${log} is missing.`);
    return { rows, floor: head.floor };
  }

  async findKey(conversation: string, sender: string, key: string, from: number, head: number): Promise<number | null> {
    const value = await this.#get(keyOf(TABLE.keys, `c/${conversation}`, sender, key));
    if (!value) return null;
    const seq = decodeValue<number>(value, `A key of ${conversation}`);
    return seq > from && seq <= head ? seq : null;
  }

  raise(partition: string, registers: readonly KeyedRegister[]): Promise<void> {
    return this.#locked(`r/${partition}`, async () => {
      const operations: Operation[] = [];
      const newest = registers
        .toSorted((a, b) => a.stamp - b.stamp)
        .map((register) => [register.key, register] as const);
      for (const { key, stamp, value } of new Map(newest).values()) {
        const old = await this.getRegister(partition, key);
        if (old && old.stamp >= stamp) continue;
        operations.push({
          type: 'put',
          key: keyOf(TABLE.registers, partition, key),
          value: encodeValue([stamp, value]),
        });
      }
      if (operations.length > 0) await this.#write(operations);
    });
  }

  async getRegister(partition: string, key: string): Promise<Register | null> {
    const stored = await this.#get(keyOf(TABLE.registers, partition, key));
    if (!stored) return null;
    const [stamp, value] = decodeValue<[number, string]>(stored, `Register ${partition} ${key}`);
    return { stamp, value };
  }

  async listRegisters(partition: string, after: string, limit: number): Promise<KeyedRegister[]> {
    return (await this.#list(TABLE.registers, partition, after, limit)).map(([key, stored]) => {
      const [stamp, value] = decodeValue<[number, string]>(stored, `Register ${partition} ${key}`);
      return { key, stamp, value };
    });
  }

  /** The keys of a partition after `after`, with what they hold. */
  async #list(table: number, partition: string, after: string, limit: number): Promise<[string, Buffer][]> {
    const prefix = keyOf(table, partition);
    const from = after === '' ? prefix : above(keyOf(table, partition, after));
    const rows = await this.#range(from, above(prefix), limit);
    return rows.map(([key, value]) => [textAt(key, prefix.length), value]);
  }

  async obligations(shard: number, after: string, limit: number): Promise<Obligation[]> {
    const prefix = keyOf(TABLE.obligations, shard);
    const from = after === '' ? prefix : above(keyOf(TABLE.obligations, shard, after));
    const rows = await this.#range(from, above(prefix), limit);
    return rows.map(([key, value]) => ({
      conversation: textAt(key, prefix.length),
      seq: decodeValue<number>(value, 'An obligation'),
    }));
  }

  discharge(conversation: string, seq: number): Promise<void> {
    return this.#withHead(`c/${conversation}`, async (head) => {
      // The obligation names the pending head: a queued append has put it after what this would remove.
      if (head.pending > seq) return;
      await this.#write([{ type: 'del', key: keyOf(TABLE.obligations, shardOf(conversation), conversation) }]);
    });
  }

  async getRecord(partition: string, key: string): Promise<StoredRecord | null> {
    const stored = await this.#get(keyOf(TABLE.records, partition, key));
    if (!stored) return null;
    const [version, value] = decodeValue<[number, string]>(stored, `Record ${partition} ${key}`);
    return { key, version, value };
  }

  putRecord(partition: string, key: string, value: string, expectVersion: number): Promise<boolean> {
    return this.#locked(`p/${partition}/${key}`, async () => {
      const old = await this.getRecord(partition, key);
      if ((old?.version ?? 0) !== expectVersion) return false;
      const stored = encodeValue([expectVersion + 1, value]);
      await this.#write([{ type: 'put', key: keyOf(TABLE.records, partition, key), value: stored }]);
      return true;
    });
  }

  deleteRecord(partition: string, key: string, expectVersion: number): Promise<boolean> {
    return this.#locked(`p/${partition}/${key}`, async () => {
      const old = await this.getRecord(partition, key);
      if ((old?.version ?? 0) !== expectVersion) return false;
      await this.#write([{ type: 'del', key: keyOf(TABLE.records, partition, key) }]);
      return true;
    });
  }

  async listRecords(partition: string, after: string, limit: number): Promise<StoredRecord[]> {
    return (await this.#list(TABLE.records, partition, after, limit)).map(([key, stored]) => {
      const [version, value] = decodeValue<[number, string]>(stored, `Record ${partition} ${key}`);
      return { key, version, value };
    });
  }

  schedule(at: number, item: string): Promise<void> {
    return this.#write([{ type: 'put', key: keyOf(TABLE.schedule, shardOf(item), at, item), value: encodeValue(at) }]);
  }

  async due(shard: number, now: number, limit: number): Promise<Scheduled[]> {
    const prefix = keyOf(TABLE.schedule, shard);
    const rows = await this.#range(prefix, keyOf(TABLE.schedule, shard, now + 1), limit);
    return rows.map(([key, value]) => ({
      at: decodeValue<number>(value, 'An item'),
      item: textAt(key, prefix.length + 8),
    }));
  }

  unschedule(at: number, item: string): Promise<void> {
    return this.#write([{ type: 'del', key: keyOf(TABLE.schedule, shardOf(item), at, item) }]);
  }

  async trim(log: LogId, upTo: number): Promise<void> {
    while (await this.#withHead(log, (head) => this.#trimSome(log, head, upTo)));
  }

  /** Whether there is more. */
  async #trimSome(log: LogId, head: Head, upTo: number): Promise<boolean> {
    const to = Math.min(upTo, head.committed);
    const next = Math.min(to, head.floor + TRIM_ROWS);
    if (next <= head.floor) return false;
    const operations: Operation[] = [];
    for (let seq = head.floor + 1; seq <= next; seq++)
      operations.push({ type: 'del', key: keyOf(TABLE.rows, log, seq) });
    head.floor = next;
    operations.push({ type: 'put', key: keyOf(TABLE.heads, log), value: encodeValue([head.pending, next]) });
    await this.#queued(head, operations);
    return next < to;
  }

  async scrub(conversation: string, seq: number): Promise<void> {
    const key = keyOf(TABLE.rows, `c/${conversation}`, seq);
    const stored = await this.#get(key);
    if (!stored) return;
    const { header } = this.#decode(stored, `Row ${seq} of ${conversation}`);
    await this.#write([{ type: 'put', key, value: encodeRow(header, null) }]);
  }

  async compact(names: readonly string[]): Promise<void> {
    if (this.#closed) throw new Unavailable('The store is closed.');
    await this.#kv.compact?.(names.flatMap(rangesOf));
  }

  async destroyKeys(now: number): Promise<void> {
    this.#keyring.destroy(now);
  }

  async epoch(): Promise<number> {
    const stored = await this.#get(keyOf(TABLE.meta, 'epoch'));
    return stored ? decodeValue<number>(stored, 'The epoch') : 1;
  }

  raiseEpoch(to: number): Promise<number> {
    return this.#locked('epoch', async () => {
      const epoch = await this.epoch();
      if (epoch >= to) return epoch;
      await this.#write([{ type: 'put', key: keyOf(TABLE.meta, 'epoch'), value: encodeValue(to) }]);
      return to;
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#commit.idle();
    await this.#kv.close();
  }

  /** One at a time for each name, in the order of the calls. */
  #locked<T>(name: string, run: () => Promise<T>): Promise<T> {
    const before = this.#locks.get(name);
    const result = before ? before.then(run, run) : run();
    const settled = result.catch(() => {});
    this.#locks.set(name, settled);
    void settled.then(() => {
      if (this.#locks.get(name) === settled) this.#locks.delete(name);
    });
    return result;
  }
}
