/**
 * The store with an eye on every call: what it answers, and what is asked of it, is held against the ledger at once, so
 * that an invariant holds after each step and not only at the end. It stands below the faults and sees each effect.
 */
import type { Found } from '../check/checker.ts';
import { feedEntryOf, hasGone } from '../core/feed.ts';
import type { Entry, FeedEntry } from '../protocol/entities.ts';
import { entryOf } from '../server/entries.ts';
import { type KeyedRegister, type LogId, type Row, type Store, type StoredRow, shardOf } from '../store/store.ts';
import { checkBegun, checkKeeping } from './keeping.ts';
import type { KnownLog, Ledger } from './ledger.ts';

/** Whether fan-out up to the head is done, or owed by what survives a crash. */
export async function checkOwed(store: Store, conversation: string, seq: number, found: Found): Promise<void> {
  const [owed, fanned] = await Promise.all([
    store.obligations(shardOf(conversation), '', 1_000),
    store.getRegister(`progress/${conversation}`, 'fanned'),
  ]);
  const upTo = owed.find((obligation) => obligation.conversation === conversation)?.seq ?? 0;
  if (Math.max(upTo, fanned?.stamp ?? 0) < seq) found('lost', `nobody owes the fan-out of ${seq} of ${conversation}`);
}

export function observe(store: Store, ledger: Ledger, found: Found): Store {
  const eye = new Eye(ledger, found);
  return {
    async append(log, expectLast, rows) {
      const least = eye.headOf(log);
      if (log.startsWith('f/')) eye.beforeFeed(log.slice(2), rows);
      const outcome = await store.append(log, expectLast, rows);
      if (outcome.kind === 'moved') {
        if (outcome.last < least) found('lost', `${log} moved to ${outcome.last}, below ${least}`);
        return outcome;
      }
      if (expectLast !== eye.headOf(log)) found('skipped', `${log} took ${expectLast + 1} after ${eye.headOf(log)}`);
      for (const [i, row] of rows.entries()) eye.learn(log, { seq: expectLast + 1 + i, ...row });
      if (log.startsWith('c/')) void checkOwed(store, log.slice(2), eye.headOf(log), found);
      return outcome;
    },
    async head(log) {
      const least = eye.headOf(log);
      const head = await store.head(log);
      if (head < least) found('lost', `the head of ${log} is ${head}, it was ${least}`);
      return head;
    },
    async read(log, from, limit) {
      const least = eye.headOf(log);
      const page = await store.read(log, from, limit);
      eye.page(log, from, limit, least, page);
      return page;
    },
    async findKey(conversation, sender, key, from, head) {
      const known = ledger.log(conversation).seqs.get(`${sender} ${key}`);
      const seq = await store.findKey(conversation, sender, key, from, head);
      const expected = known !== undefined && known > from && known <= head ? known : null;
      if (expected !== null && seq !== expected) found('duplicated', `${key} of ${conversation} is not found`);
      return seq;
    },
    async raise(partition, registers) {
      eye.beforeRaise(partition, registers);
      await store.raise(partition, registers);
      eye.raised(partition, registers);
      eye.readIsDelivered(partition, registers);
    },
    async getRegister(partition, key) {
      const least = ledger.stamp(partition, key);
      const register = await store.getRegister(partition, key);
      if ((register?.stamp ?? 0) < least) found('diverged', `register ${partition} ${key} went back`);
      if (register) eye.raised(partition, [{ key, ...register }]);
      return register;
    },
    async listRegisters(partition, after, limit) {
      const least = [...(ledger.registers.get(partition) ?? [])];
      const page = await store.listRegisters(partition, after, limit);
      const stamps = new Map(page.map(({ key, stamp }) => [key, stamp]));
      if (page.length < limit && after === '') {
        for (const [key, { stamp }] of least) {
          if ((stamps.get(key) ?? 0) < stamp) found('diverged', `register ${partition} ${key} went back`);
        }
      }
      eye.raised(partition, page);
      eye.readIsDelivered(partition, page);
      return page;
    },
    obligations: (shard, after, limit) => store.obligations(shard, after, limit),
    async discharge(conversation, seq) {
      if (ledger.stamp(`progress/${conversation}`, 'fanned') < seq) {
        found('lost', `${seq} of ${conversation} is discharged before it was fanned out`);
      }
      await store.discharge(conversation, seq);
      void checkOwed(store, conversation, ledger.log(conversation).head, found);
    },
    getRecord: (partition, key) => store.getRecord(partition, key),
    putRecord: (partition, key, value, version) => store.putRecord(partition, key, value, version),
    deleteRecord: (partition, key, version) => store.deleteRecord(partition, key, version),
    listRecords: (partition, after, limit) => store.listRecords(partition, after, limit),
    schedule: (at, item) => store.schedule(at, item),
    due: (shard, now, limit) => store.due(shard, now, limit),
    unschedule: (at, item) => store.unschedule(at, item),
    async trim(log, upTo) {
      eye.beforeTrim(log, upTo);
      await store.trim(log, upTo);
    },
    scrub: (conversation, seq) => store.scrub(conversation, seq),
    compact: (names) => store.compact(names),
    destroyKeys: (now) => store.destroyKeys(now),
    async epoch() {
      const epoch = await store.epoch();
      if (epoch < ledger.epoch) found('diverged', `the epoch is ${epoch}, it was ${ledger.epoch}`);
      return epoch;
    },
    async raiseEpoch(to) {
      const epoch = await store.raiseEpoch(to);
      ledger.epoch = Math.max(ledger.epoch, epoch);
      return epoch;
    },
    close: () => store.close(),
  };
}

/** After a crash: everything that is there is learnt, what was durable must be, and what is owed must be owed. */
export async function checkReopened(store: Store, ledger: Ledger, found: Found): Promise<void> {
  const eye = new Eye(ledger, found);
  for (const [name, known] of [...ledger.logs, ...ledger.feeds]) {
    const log: LogId = ledger.logs.get(name) === known ? `c/${name}` : `f/${name}`;
    const head = await store.head(log);
    if (head < known.head) found('lost', `${log} ended at ${known.head}, and at ${head} after the crash`);
    const from = log.startsWith('c/') ? 1 : known.head + 1;
    for (const row of (await store.read(log, from, 100_000)).rows) eye.learn(log, row);
    if (log.startsWith('c/')) await checkOwed(store, name, head, found);
  }
  for (const [partition, registers] of ledger.registers) {
    for (const [key, { stamp }] of registers) {
      const stored = (await store.getRegister(partition, key))?.stamp ?? 0;
      if (stored < stamp) found('lost', `register ${partition} ${key} was ${stamp}, and ${stored} after the crash`);
    }
  }
}

function broughtIn(entry: Entry): string[] {
  if (entry.kind === 'added') return entry.users;
  return entry.kind === 'created' && entry.conversation === 'group' ? entry.members.map(({ user }) => user) : [];
}

class Eye {
  readonly #ledger: Ledger;
  readonly #found: Found;

  constructor(ledger: Ledger, found: Found) {
    this.#ledger = ledger;
    this.#found = found;
  }

  headOf(log: LogId): number {
    return log.startsWith('c/') ? this.#ledger.log(log.slice(2)).head : this.#ledger.feed(log.slice(2)).head;
  }

  /** A row that is durable: the next one, or one that is known and must be the same. */
  learn(log: LogId, row: StoredRow): void {
    if (log.startsWith('f/')) {
      const feed = this.#ledger.feed(log.slice(2));
      if (row.seq === feed.head + 1) feed.add(feedEntryOf(row));
      else this.#same(log, row);
      return;
    }
    const id = log.slice(2);
    const known = this.#ledger.log(id);
    if (row.seq !== known.head + 1) {
      this.#same(log, row);
      return;
    }
    const entry = entryOf(row, 0);
    if (entry.seq !== row.seq) this.#found('skipped', `${id}: what stands at ${row.seq} calls itself ${entry.seq}`);
    const before = known.seqs.get(`${entry.sender} ${entry.key}`);
    if (before !== undefined) this.#found('duplicated', `${id}: ${entry.key} is ${before} and ${row.seq}`);
    if (entry.kind !== 'created' && entry.kind !== 'ended' && !known.isMember(entry.sender)) {
      this.#found('resurrected', `${id}: ${row.seq} is of a sender who is no member`);
    }
    this.#checkCounts(id, known.entries.at(-1), entry);
    this.#checkAct(id, known, entry);
    this.#checkStrangers(id, known, entry);
    checkKeeping(id, known, entry, this.#found);
    known.add(entry, { header: row.header, body: row.body }, ++this.#ledger.learnt);
  }

  /** `ordinal` counts the messages, `lastMessage` names the newest, and log time never goes back. */
  #checkCounts(id: string, before: Entry | undefined, entry: Entry): void {
    const message = entry.kind === 'message';
    const ordinal = (before?.ordinal ?? 0) + (message ? 1 : 0);
    const lastMessage = message ? entry.seq : entry.kind === 'ended' ? 0 : (before?.lastMessage ?? 0);
    if (entry.ordinal !== ordinal || entry.lastMessage !== lastMessage) {
      this.#found('phantom unread', `${id}: ${entry.seq} counts ${entry.ordinal} messages, there are ${ordinal}`);
    }
    if (entry.at < (before?.at ?? 0)) this.#found('reordered', `${id}: the time of ${entry.seq} goes back`);
  }

  /** What is done is done to a message that its doer may see and that is not deleted; words are changed by who wrote them. */
  #checkAct(id: string, known: KnownLog, entry: Entry): void {
    if (!('target' in entry)) return;
    const { seq, kind, sender, target } = entry;
    const message = known.entries[target - 1];
    const wrong = (what: string) => this.#found('intruded', `${id}: ${seq} (${kind}) is about ${target}, ${what}`);
    if (message?.kind !== 'message') wrong('which is no message');
    else if (!known.maySee(sender, target)) wrong('which its sender may not see');
    else if (known.deleted.has(target)) wrong('which is deleted');
    else if (kind === 'edited' && message.sender !== sender) wrong('which another has written');
  }

  /** A request is one message, is accepted by the one who was asked, and nobody brings a stranger into a group. */
  #checkStrangers(id: string, known: KnownLog, entry: Entry): void {
    const stage = known.requestOf(entry.sender);
    if (entry.kind === 'message' && stage === 'sent') {
      this.#found('intruded', `${id}: ${entry.seq} is one more message of a request`);
    }
    if (entry.kind === 'accepted' && stage !== 'received') {
      this.#found('intruded', `${id}: ${entry.seq} accepts what nobody had asked`);
    }
    if (!this.#ledger.areStrangers) return;
    for (const user of broughtIn(entry)) {
      if (user !== entry.sender && !this.#ledger.haveAccepted(entry.sender, user)) {
        this.#found('intruded', `${id}: ${entry.seq} brings in ${user}, a stranger`);
      }
    }
  }

  #same(log: LogId, row: StoredRow): void {
    if (log.startsWith('f/')) {
      const entry = this.#ledger.feed(log.slice(2)).entries[row.seq - 1];
      if (entry && !hasGone(row) && JSON.stringify(entry) !== JSON.stringify(feedEntryOf(row)))
        this.#found('diverged', `${log}: ${row.seq} has changed`);
      return;
    }
    const known = this.#ledger.log(log.slice(2)).rows[row.seq - 1];
    if (known && (known.header !== row.header || (row.body !== null && known.body !== row.body))) {
      this.#found('diverged', `${log}: ${row.seq} has changed`);
    }
  }

  page(
    log: LogId,
    from: number,
    limit: number,
    least: number,
    { rows, floor }: { rows: readonly StoredRow[]; floor: number },
  ): void {
    const start = Math.max(from, floor + 1);
    rows.forEach((row, i) => {
      if (row.seq !== start + i) this.#found('skipped', `${log}: ${row.seq} was read where ${start + i} belongs`);
      this.#same(log, row);
    });
    if (rows.length < Math.min(limit, least - start + 1)) {
      this.#found('skipped', `${log}: ${rows.length} rows from ${from} on, and it reaches to ${least}`);
    }
    if (log.startsWith('c/') && floor > 0 && floor !== this.#ledger.log(log.slice(2)).keeping.ended - 1) {
      this.#found('lost', `${log} was trimmed up to ${floor}`);
    }
  }

  /** Nothing is pointed at that is not durable. */
  beforeFeed(user: string, rows: readonly Row[]): void {
    for (const row of rows) {
      const entry = JSON.parse(row.header) as FeedEntry;
      if (entry.kind === 'set') continue;
      const to = entry.kind === 'joined' ? entry.since : entry.to;
      const { head } = this.#ledger.log(entry.conversation);
      if (to > head) {
        this.#found('skipped', `the feed of ${user} points at ${to} of ${entry.conversation}, which ends at ${head}`);
      }
    }
  }

  beforeTrim(log: LogId, upTo: number): void {
    if (log.startsWith('c/') && upTo !== this.#ledger.log(log.slice(2)).keeping.ended - 1) {
      this.#found('lost', `${log} is trimmed up to ${upTo}`);
    }
    const projected = this.#ledger.stamp(`feed/${log.slice(2)}`, 'projected');
    if (log.startsWith('f/') && projected < upTo) {
      this.#found('lost', `${log} is trimmed up to ${upTo}, its settings are kept up to ${projected}`);
    }
  }

  beforeRaise(partition: string, registers: readonly KeyedRegister[]): void {
    for (const register of registers) checkBegun(this.#ledger, partition, register, this.#found);
    const [kind, id = ''] = partition.split('/');
    if (kind !== 'progress' && kind !== 'members' && kind !== 'inbox' && kind !== 'marks') return;
    for (const { key, stamp, value } of registers) {
      const conversation = kind === 'inbox' ? key : id;
      const known = this.#ledger.log(conversation);
      if (stamp > known.head) {
        this.#found('phantom unread', `${partition} ${key} is raised to ${stamp}, the log ends at ${known.head}`);
      } else if (key === 'fanned') this.#checkFanned(conversation, stamp);
      else if (key === 'projected') this.#checkProjected(conversation, stamp);
      else if (kind === 'members' || kind === 'inbox') {
        const member = kind === 'inbox' ? value !== '' : !value.includes('"role":null');
        const user = kind === 'inbox' ? id : key;
        if (member !== known.isMember(user, stamp)) {
          this.#found('resurrected', `${partition} says that ${user} is ${member ? 'a' : 'no'} member at ${stamp}`);
        }
      }
    }
  }

  /** Fanned up to S: each member's feed points at S, and each who came or went was told. */
  #checkFanned(conversation: string, upTo: number): void {
    const known = this.#ledger.log(conversation);
    const channel = known.channelAt > 0 && known.channelAt <= upTo;
    for (const user of known.users) {
      const turn = known.lastTurn(user, upTo);
      if (!turn) continue;
      const feed = this.#ledger.feed(user);
      if ((feed.turns.get(conversation) ?? 0) < turn.seq) {
        this.#found('skipped', `${conversation} is fanned up to ${upTo}; ${user} was not told of ${turn.seq}`);
      }
      if (turn.member && !channel && (feed.pointers.get(conversation) ?? 0) < upTo) {
        this.#found('skipped', `${conversation} is fanned up to ${upTo}, the feed of ${user} does not point there`);
      }
    }
  }

  /** Whoever starts from the projections finds every membership of then. */
  #checkProjected(conversation: string, upTo: number): void {
    const known = this.#ledger.log(conversation);
    for (const user of known.users) {
      const turn = known.lastTurn(user, upTo);
      if (!turn) continue;
      const both = [
        this.#ledger.stamp(`members/${conversation}`, user),
        this.#ledger.stamp(`inbox/${user}`, conversation),
      ];
      if (Math.min(...both) < turn.seq) {
        this.#found('resurrected', `${conversation} is projected up to ${upTo} without ${turn.seq} of ${user}`);
      }
    }
  }

  raised(partition: string, registers: readonly KeyedRegister[]): void {
    const known = this.#ledger.registers.get(partition) ?? new Map<string, { stamp: number; value: string }>();
    this.#ledger.registers.set(partition, known);
    for (const { key, stamp, value } of registers) {
      const old = known.get(key);
      if (old?.stamp === stamp && old.value !== value) {
        this.#found('diverged', `${partition} ${key} has two values at ${stamp}: ${old.value} and ${value}`);
      }
      if (!old || stamp > old.stamp) known.set(key, { stamp, value });
    }
  }

  /** Of registers that were written, or are listed, together; one that is read alone may be newer than what is known. */
  readIsDelivered(partition: string, registers: readonly KeyedRegister[]): void {
    if (!partition.startsWith('marks/')) return;
    for (const { key, stamp } of registers) {
      const user = key.slice(0, -2);
      if (key.endsWith('/r') && stamp > this.#ledger.stamp(partition, `${user}/d`)) {
        this.#found('phantom unread', `${partition}: ${user} has read more than was delivered`);
      }
    }
  }
}
