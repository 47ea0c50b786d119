/**
 * A store whose answers get lost. For each call that writes, chance decides: it is done; it is refused for certain; the
 * answer is *unknown* and nothing happened; or *unknown* and it happened; or *unknown* and it happens some time later,
 * or never. As the port promises, `head(log)` decides what is still open of that log before it answers.
 */
import { type LogId, type Store, Unavailable, Unknown } from './store.ts';

/** Chances between 0 and 1, of each call that writes. */
export interface FaultRates {
  readonly before: number;
  readonly after: number;
  readonly late: number;
  readonly unavailable: number;
}

export interface FaultOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Runs it at some later time. */
  readonly later: (run: () => void) => void;
  readonly rates: FaultRates;
  /** Told of each fault. */
  readonly onFault?: (kind: keyof FaultRates) => void;
}

export function faultyStore(store: Store, options: FaultOptions): Store {
  const { random, later, rates, onFault = () => {} } = options;
  /** Appends that may still happen, each to be run or dropped once. */
  const open = new Map<LogId, Set<() => Promise<void>>>();

  async function write<T>(run: () => Promise<T>, log?: LogId): Promise<T> {
    const chance = random();
    let below = rates.before;
    if (chance < below) {
      onFault('before');
      throw new Unknown('The request was lost.');
    }
    below += rates.after;
    if (chance < below) {
      onFault('after');
      await run();
      throw new Unknown('The answer was lost.');
    }
    below += rates.late;
    if (chance < below) {
      onFault('late');
      postpone(run, log);
      throw new Unknown('The answer is late.');
    }
    below += rates.unavailable;
    if (chance < below) {
      onFault('unavailable');
      throw new Unavailable('Not now.', 'no_quorum');
    }
    return run();
  }

  function postpone(run: () => Promise<unknown>, log?: LogId): void {
    let decided = false;
    const decide = async () => {
      if (decided) return;
      decided = true;
      if (log) open.get(log)?.delete(decide);
      if (random() < 0.7) await run().catch(() => {});
    };
    if (log) open.set(log, (open.get(log) ?? new Set()).add(decide));
    later(() => void decide());
  }

  return {
    append: (log, expectLast, rows) => write(() => store.append(log, expectLast, rows), log),
    head: async (log) => {
      for (const decide of [...(open.get(log) ?? [])]) await decide();
      return store.head(log);
    },
    read: (log, from, limit) => store.read(log, from, limit),
    findKey: (conversation, sender, key, from, head) => store.findKey(conversation, sender, key, from, head),
    raise: (partition, registers) => write(() => store.raise(partition, registers)),
    getRegister: (partition, key) => store.getRegister(partition, key),
    listRegisters: (partition, after, limit) => store.listRegisters(partition, after, limit),
    obligations: (shard, after, limit) => store.obligations(shard, after, limit),
    discharge: (conversation, seq) => write(() => store.discharge(conversation, seq)),
    getRecord: (partition, key) => store.getRecord(partition, key),
    putRecord: (partition, key, value, version) => write(() => store.putRecord(partition, key, value, version)),
    deleteRecord: (partition, key, version) => write(() => store.deleteRecord(partition, key, version)),
    listRecords: (partition, after, limit) => store.listRecords(partition, after, limit),
    schedule: (at, item) => write(() => store.schedule(at, item)),
    due: (shard, now, limit) => store.due(shard, now, limit),
    unschedule: (at, item) => write(() => store.unschedule(at, item)),
    trim: (log, upTo) => write(() => store.trim(log, upTo)),
    scrub: (conversation, seq) => write(() => store.scrub(conversation, seq)),
    compact: (names) => store.compact(names),
    destroyKeys: (now) => store.destroyKeys(now),
    epoch: () => store.epoch(),
    raiseEpoch: (to) => write(() => store.raiseEpoch(to)),
    close: () => store.close(),
  };
}
