/**
 * Natural group commit: what waits when the last commit returns goes together, at most 256 changes, without a timer.
 * Each commit also writes a row `commit/n`; the rows are dense, so that a commit which the engine lost shows at open.
 */
import { above, encodeValue, keyOf, lastNumber, TABLE } from './codec.ts';
import type { KeyValue, Operation } from './keyvalue.ts';
import { Corrupt, Unavailable, Unknown } from './store.ts';

const CHANGES_MAX = 256;
/** Commit rows that stay. */
const COMMITS_KEPT = 10_000;

interface Change {
  readonly operations: readonly Operation[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** The number of the last commit; the rows of the last commits must be there without a gap. */
export async function lastCommit(keyvalue: KeyValue): Promise<number> {
  const from = keyOf(TABLE.commits);
  const rows = await keyvalue.range(from, above(from), COMMITS_KEPT + 1);
  const first = rows[0] ? lastNumber(rows[0][0]) : 1;
  for (const [i, [key]] of rows.entries()) {
    if (lastNumber(key) !== first + i) {
      throw new Corrupt(`The engine lost commit ${first + i}. Restore the data folder from a backup.`);
    }
  }
  return rows.length === 0 ? 0 : first + rows.length - 1;
}

export class GroupCommit {
  /** Called before anybody is told that a change was not done: what was built upon it is void. */
  onUndone: () => void = () => {};
  #waiting: Change[] = [];
  #running = false;
  #number: number;
  #broken = false;
  readonly #keyvalue: KeyValue;
  readonly #admit: () => Promise<Unavailable | null>;
  readonly #onFailure: (error: unknown) => void;

  constructor(
    keyvalue: KeyValue,
    last: number,
    admit: () => Promise<Unavailable | null>,
    onFailure: (error: unknown) => void,
  ) {
    this.#keyvalue = keyvalue;
    this.#number = last;
    this.#admit = admit;
    this.#onFailure = onFailure;
  }

  /** The number of the last commit. */
  get number(): number {
    return this.#number;
  }

  /** Durable when it resolves. Rejects `Unknown` after a write error, and `Unavailable` when nothing was tried. */
  write(operations: readonly Operation[]): Promise<void> {
    if (this.#broken) return Promise.reject(new Unavailable('The store has stopped after a write error.', 'failed'));
    return new Promise((done, failed) => {
      this.#waiting.push({ operations, done, failed });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const changes = this.#waiting.splice(0, CHANGES_MAX);
      const refused = await this.#admit();
      if (refused) {
        // With all that waits: it may be meant to follow what was refused.
        this.onUndone();
        for (const { failed } of [...changes, ...this.#waiting.splice(0)]) failed(refused);
        continue;
      }
      const number = this.#number + 1;
      const operations: Operation[] = [{ type: 'put', key: keyOf(TABLE.commits, number), value: COMMIT_VALUE }];
      if (number > COMMITS_KEPT) operations.push({ type: 'del', key: keyOf(TABLE.commits, number - COMMITS_KEPT) });
      for (const change of changes) operations.push(...change.operations);
      try {
        await this.#keyvalue.batch(operations);
        this.#number = number;
        for (const { done } of changes) done();
      } catch (error) {
        this.#broken = true;
        this.onUndone();
        this.#onFailure(error);
        const waiting = this.#waiting.splice(0);
        for (const { failed } of changes) failed(new Unknown(`A write failed: ${String(error)}`));
        for (const { failed } of waiting) failed(new Unavailable('The store has stopped.', 'failed'));
      }
    }
    this.#running = false;
  }

  /** When nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.write([]).catch(() => {});
  }
}

const COMMIT_VALUE = encodeValue(1);
