/**
 * What is known to be durable, in a plain form of its own, to judge the program by: rows as they were written, who was a
 * member when, what each feed points at. It shares no decision with the program.
 */
import type { ConversationKind, Entry, FeedEntry } from '../protocol/entities.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Row } from '../store/store.ts';
import { KnownKeeping } from './known-keeping.ts';

/** From this number of members on, a conversation is a channel for ever. */
const CHANNEL_MEMBERS = 257;
const BLOCK = settingKey.block('');

interface Turn {
  /** The seq of the entry by which somebody came or went. */
  readonly seq: number;
  readonly member: boolean;
}

/** One conversation's log as far as it is known. */
export class KnownLog {
  readonly entries: Entry[] = [];
  readonly rows: Row[] = [];
  /** Seq by sender and key. */
  readonly seqs = new Map<string, number>();
  /** The seq since which it is a channel; 0 while it is none. */
  channelAt = 0;
  /** Who has written, in that order, in what began as a request; null elsewhere. */
  writers: Set<string> | null = null;
  #accepted = false;
  /** By which entry each deleted message was deleted. */
  readonly deleted = new Map<number, number>();
  readonly keeping = new KnownKeeping();
  kind: ConversationKind = 'group';
  readonly #turns = new Map<string, Turn[]>();
  #members = 0;
  #openToNewcomers = false;

  get head(): number {
    return this.rows.length;
  }

  get memberCount(): number {
    return this.#members;
  }

  get users(): Iterable<string> {
    return this.#turns.keys();
  }

  /** Between strangers, until both have written or one has accepted. */
  get isRequest(): boolean {
    return this.writers !== null && !this.#accepted && this.writers.size < 2;
  }

  /** What it is to this user, as views say it. */
  requestOf(user: string): 'open' | 'sent' | 'received' | null {
    if (!this.isRequest) return null;
    if (this.writers!.size === 0) return 'open';
    return this.writers!.has(user) ? 'sent' : 'received';
  }

  /** `learnt`: the so many-th entry of all logs. */
  add(entry: Entry, row: Row, learnt: number): void {
    this.keeping.add(entry, learnt);
    this.entries.push(entry);
    this.rows.push(row);
    this.seqs.set(`${entry.sender} ${entry.key}`, entry.seq);
    if (entry.kind === 'message') this.writers?.add(entry.sender);
    else if (entry.kind === 'accepted') this.#accepted = true;
    else if (entry.kind === 'deleted') this.deleted.set(entry.target, entry.seq);
    if (entry.kind === 'created') {
      this.kind = entry.conversation;
      if (entry.request) this.writers = new Set();
      this.#openToNewcomers = entry.history === 'all';
      for (const { user } of entry.members) this.#turn(user, entry.seq, true);
    } else if (entry.kind === 'added') for (const user of entry.users) this.#turn(user, entry.seq, true);
    else if (entry.kind === 'removed') this.#turn(entry.user, entry.seq, false);
    else if (entry.kind === 'left') this.#turn(entry.sender, entry.seq, false);
    if (this.channelAt === 0 && this.#members >= CHANNEL_MEMBERS) this.channelAt = entry.seq;
  }

  #turn(user: string, seq: number, member: boolean): void {
    const turns = this.#turns.get(user) ?? [];
    this.#turns.set(user, turns);
    if ((turns.at(-1)?.member ?? false) === member) return;
    turns.push({ seq, member });
    this.#members += member ? 1 : -1;
  }

  /** How the user last came or went at or below `seq`. */
  lastTurn(user: string, seq = this.head): Turn | undefined {
    return this.#turns.get(user)?.findLast((turn) => turn.seq <= seq);
  }

  isMember(user: string, seq = this.head): boolean {
    return this.lastTurn(user, seq)?.member ?? false;
  }

  /** Whether the user left at some time after `seq`: what was pointed at before is then not owed any more. */
  leftAfter(user: string, seq: number): boolean {
    return this.#turns.get(user)?.some((turn) => !turn.member && turn.seq > seq) ?? false;
  }

  /** Whether the user, as a member of some time, may see what stands there. */
  maySee(user: string, seq: number): boolean {
    const turns = this.#turns.get(user);
    if (!turns) return false;
    const last = turns.at(-1)!;
    // The whole history opens to whoever comes.
    if (this.#openToNewcomers) return last.member || seq <= last.seq;
    const turn = turns.findLast((earlier) => earlier.seq <= seq);
    return turn !== undefined && (turn.member || turn.seq === seq);
  }
}

/** One user's feed as far as it is known; what was trimmed stays here. */
export class KnownFeed {
  readonly entries: FeedEntry[] = [];
  floor = 0;
  /** How far each conversation was pointed at, and when its membership is known to have changed last. */
  readonly pointers = new Map<string, number>();
  readonly turns = new Map<string, number>();

  get head(): number {
    return this.entries.length;
  }

  add(entry: FeedEntry): void {
    this.entries.push(entry);
    if (entry.kind === 'advance') raise(this.pointers, entry.conversation, entry.to);
    else if (entry.kind === 'joined') raise(this.turns, entry.conversation, entry.since);
    else if (entry.kind === 'left') raise(this.turns, entry.conversation, entry.to);
  }
}

export class Ledger {
  readonly logs = new Map<string, KnownLog>();
  readonly feeds = new Map<string, KnownFeed>();
  /** Registers that were raised, by partition and key. */
  readonly registers = new Map<string, Map<string, { stamp: number; value: string }>>();
  epoch = 1;
  /** How many entries of conversations are known. */
  learnt = 0;
  /** Deletions that were acknowledged, in that order. */
  readonly acked: { readonly conversation: string; readonly target: number; readonly at: number }[] = [];
  readonly areStrangers: boolean;

  /** Whether people meet as strangers. */
  constructor(areStrangers = false) {
    this.areStrangers = areStrangers;
  }

  log(conversation: string): KnownLog {
    const known = this.logs.get(conversation) ?? new KnownLog();
    this.logs.set(conversation, known);
    return known;
  }

  feed(user: string): KnownFeed {
    const known = this.feeds.get(user) ?? new KnownFeed();
    this.feeds.set(user, known);
    return known;
  }

  /** Whether two have a direct conversation that both want. */
  haveAccepted(user: string, other: string): boolean {
    return this.#both(user, other, 'direct', (log) => !log.isRequest);
  }

  /** Whether two have ever been in one group. */
  shareGroup(user: string, other: string): boolean {
    return this.#both(user, other, 'group', () => true);
  }

  #both(user: string, other: string, kind: string, holds: (log: KnownLog) => boolean): boolean {
    for (const log of this.logs.values()) {
      const [first] = log.entries;
      if (first?.kind !== 'created' || first.conversation !== kind || !holds(log)) continue;
      if (log.lastTurn(user) && log.lastTurn(other)) return true;
    }
    return false;
  }

  /** The conversation of the two, if there is one. */
  directOf(user: string, other: string): string | null {
    for (const [id, log] of this.logs) {
      if (log.kind === 'direct' && log.isMember(user) && log.isMember(other)) return id;
    }
    return null;
  }

  /** Whom the user blocks, by what their feed was told last. */
  blockedBy(user: string): ReadonlySet<string> {
    const blocked = new Set<string>();
    for (const entry of this.feed(user).entries) {
      if (entry.kind !== 'set' || !entry.key.startsWith(BLOCK)) continue;
      const other = entry.key.slice(BLOCK.length);
      if (entry.value === '') blocked.delete(other);
      else blocked.add(other);
    }
    return blocked;
  }

  /** Whether one of the two who talk there has ever blocked the other. */
  wereBlockedIn(conversation: string): boolean {
    const log = this.logs.get(conversation);
    const [one = '', other = ''] = log?.kind === 'direct' ? log.users : [];
    return this.#hasSet(one, settingKey.block(other)) || this.#hasSet(other, settingKey.block(one));
  }

  /** Whether one of the two blocks the other. */
  areBlocked(user: string, other: string): boolean {
    return this.blockedBy(user).has(other) || this.blockedBy(other).has(user);
  }

  #hasSet(user: string, key: string): boolean {
    return this.feed(user).entries.some((entry) => entry.kind === 'set' && entry.key === key);
  }

  stamp(partition: string, key: string): number {
    return this.registers.get(partition)?.get(key)?.stamp ?? 0;
  }
}

function raise(map: Map<string, number>, key: string, to: number): void {
  map.set(key, Math.max(to, map.get(key) ?? 0));
}
