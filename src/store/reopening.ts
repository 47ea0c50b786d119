import type { Store } from './store.ts';

/** Write errors after which a store is not opened again. */
const FAILURES_MAX = 3;

/** Opens the store; `onFailure` is called once, when a write has failed and nothing more is written. */
type Opening = (onFailure: (error: unknown) => void) => Promise<Store>;

/**
 * A store that is opened again after a write error, from what is durable. Meanwhile, and after the third error, every
 * call is `Unavailable`.
 */
export class ReopeningStore implements Store {
  #current: Store;
  #failures = 0;
  #isOpen = true;
  #closing = false;
  #reopened: Promise<void> = Promise.resolve();
  readonly #open: Opening;
  readonly #onFailure: (error: unknown, isLast: boolean) => void;

  private constructor(first: Store, open: Opening, onFailure: (error: unknown, isLast: boolean) => void) {
    this.#current = first;
    this.#open = open;
    this.#onFailure = onFailure;
  }

  /** `onFailure` is told of each write error; after the last one the process should end. */
  static async open(open: Opening, onFailure: (error: unknown, isLast: boolean) => void): Promise<ReopeningStore> {
    let store: ReopeningStore | null = null;
    const first = await open((error) => {
      if (store) store.#failed(error);
    });
    store = new ReopeningStore(first, open, onFailure);
    return store;
  }

  /** False from a write error until it is open again. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  #failed(error: unknown): void {
    this.#isOpen = false;
    const isLast = ++this.#failures >= FAILURES_MAX;
    this.#onFailure(error, isLast);
    if (!isLast && !this.#closing) this.#reopened = this.#reopen();
  }

  async #reopen(): Promise<void> {
    try {
      await this.#current.close();
      this.#current = await this.#open((error) => this.#failed(error));
      this.#isOpen = true;
    } catch (error) {
      this.#failures = FAILURES_MAX;
      this.#onFailure(error, true);
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#reopened;
    await this.#current.close();
  }

  append: Store['append'] = (log, expectLast, rows) => this.#current.append(log, expectLast, rows);
  head: Store['head'] = (log) => this.#current.head(log);
  read: Store['read'] = (log, from, limit) => this.#current.read(log, from, limit);
  findKey: Store['findKey'] = (id, sender, key, from, head) => this.#current.findKey(id, sender, key, from, head);
  raise: Store['raise'] = (partition, registers) => this.#current.raise(partition, registers);
  getRegister: Store['getRegister'] = (partition, key) => this.#current.getRegister(partition, key);
  listRegisters: Store['listRegisters'] = (partition, after, limit) =>
    this.#current.listRegisters(partition, after, limit);
  obligations: Store['obligations'] = (shard, after, limit) => this.#current.obligations(shard, after, limit);
  discharge: Store['discharge'] = (conversation, seq) => this.#current.discharge(conversation, seq);
  getRecord: Store['getRecord'] = (partition, key) => this.#current.getRecord(partition, key);
  putRecord: Store['putRecord'] = (partition, key, value, version) =>
    this.#current.putRecord(partition, key, value, version);
  deleteRecord: Store['deleteRecord'] = (partition, key, version) =>
    this.#current.deleteRecord(partition, key, version);
  listRecords: Store['listRecords'] = (partition, after, limit) => this.#current.listRecords(partition, after, limit);
  schedule: Store['schedule'] = (at, item) => this.#current.schedule(at, item);
  due: Store['due'] = (shard, now, limit) => this.#current.due(shard, now, limit);
  unschedule: Store['unschedule'] = (at, item) => this.#current.unschedule(at, item);
  trim: Store['trim'] = (log, upTo) => this.#current.trim(log, upTo);
  scrub: Store['scrub'] = (conversation, seq) => this.#current.scrub(conversation, seq);
  compact: Store['compact'] = (names) => this.#current.compact(names);
  destroyKeys: Store['destroyKeys'] = (now) => this.#current.destroyKeys(now);
  epoch: Store['epoch'] = () => this.#current.epoch();
  raiseEpoch: Store['raiseEpoch'] = (to) => this.#current.raiseEpoch(to);
}
