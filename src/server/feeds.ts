/**
 * The feeds of users: what each must come to know, appended by one writer at a time and coalesced, so that a busy
 * user costs one append for all that moved meanwhile.
 */
import { backoff, delay } from '../core/clock.ts';
import { collapse, type FeedDraft, feedEntryOf, hasGone, isOlder, subjectOf } from '../core/feed.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { FeedEntry, Position, Setting } from '../protocol/entities.ts';
import { isDraft } from '../protocol/settings.ts';
import { APPEND_BYTES_MAX, APPEND_ROWS_MAX, type Row, Unknown } from '../store/store.ts';
import { listAll } from './load.ts';
import type { NodePorts } from './ports.ts';

/** Appended feed entries of one user, as JSON texts. */
export interface Fed {
  readonly user: string;
  readonly from: number;
  readonly to: number;
  readonly wires: readonly string[];
}

interface Owed {
  readonly draft: FeedDraft;
  readonly done: ((seq: number) => void)[];
  readonly failed: ((error: unknown) => void)[];
}

interface FeedLane {
  head: number | null;
  trimmed: number;
  running: boolean;
  readonly owed: Map<string, Owed>;
  /** The last pointer written for each conversation; an older one needs no write. */
  readonly pointers: Map<string, number>;
  usedAt: number;
}

const LANES_MAX = 50_000;
const POINTERS_MAX = 500;
const DEFAULT_KEPT = 20_000;
const POLL_LIMIT = 200;
/** By then it is in its register. */
const DRAFT_IN_FEED_MS = 600_000;

export class Feeds {
  readonly #ports: NodePorts;
  readonly #onFed: (fed: Fed) => void;
  readonly #lanesByUser = new Map<string, FeedLane>();

  constructor(ports: NodePorts, onFed: (fed: Fed) => void) {
    this.#ports = ports;
    this.#onFed = onFed;
  }

  /** Resolves with the seq of the entry, or of a later one about the same, once it is durable; tries until then. */
  add(user: string, draft: FeedDraft): Promise<number> {
    const lane = this.#lane(user);
    if (draft.kind === 'advance' && (lane.pointers.get(draft.conversation) ?? 0) >= draft.to) {
      return Promise.resolve(lane.head ?? 0);
    }
    return new Promise((done, failed) => {
      const subject = subjectOf(draft);
      const owed = lane.owed.get(subject);
      const newest = owed && isOlder(draft, owed.draft) ? owed.draft : draft;
      lane.owed.set(subject, {
        draft: newest,
        done: [...(owed?.done ?? []), done],
        failed: [...(owed?.failed ?? []), failed],
      });
      if (!lane.running) void this.#run(user, lane);
    });
  }

  /** Linearizable. */
  async head(user: string): Promise<number> {
    const head = await this.#ports.store.head(`f/${user}`);
    const lane = this.#lanesByUser.get(user);
    if (lane && lane.head !== null && lane.head < head) lane.head = head;
    return head;
  }

  async read(user: string, request: Request<'feed'>): Promise<Result<'feed'>> {
    const { store } = this.#ports;
    const epoch = await store.epoch();
    const head = await this.head(user);
    const { position, limit } = request;
    if (position.epoch !== epoch || position.seq > head) {
      return { epoch, head, to: position.seq, entries: [], snapshot: true };
    }
    const { rows, floor } = await store.read(`f/${user}`, position.seq + 1, Math.max(limit, 64));
    if (floor > position.seq) return { epoch, head, to: position.seq, entries: [], snapshot: true };
    const entries = await this.#asOfNow(user, collapse(rows.map(feedEntryOf)));
    return { epoch, head, to: rows.at(-1)?.seq ?? position.seq, entries, snapshot: false };
  }

  /** What somebody had begun to write is told of as it is by now. */
  async #asOfNow(user: string, entries: readonly FeedEntry[]): Promise<FeedEntry[]> {
    const asOfNow = (entry: FeedEntry) =>
      entry.kind === 'set' && isDraft(entry.key)
        ? this.setting(user, entry.key).then((value) => ({ ...entry, value }))
        : entry;
    return Promise.all(entries.map(asOfNow));
  }

  /** The frames that a socket would have had since the position, as JSON; null when there are none. */
  async framesSince(user: string, position: Position): Promise<string | null> {
    const { epoch, head, to, entries, snapshot } = await this.read(user, { position, limit: POLL_LIMIT });
    if (snapshot) return JSON.stringify([{ type: 'resync', feedHead: head }]);
    if (to === position.seq) return null;
    return JSON.stringify([{ type: 'feed', epoch, from: position.seq + 1, to, entries }]);
  }

  /** The user's settings as of the head of the feed. */
  async settings(user: string, request: Request<'settings'>): Promise<Result<'settings'>> {
    await this.project(user);
    const { store } = this.#ports;
    const { after, limit } = request;
    const pages = await Promise.all(
      ['settings', 'drafts'].map((of) => store.listRegisters(`${of}/${user}`, after, limit + 1)),
    );
    const page = pages.flat().sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : b.stamp - a.stamp));
    const settings: Setting[] = page.slice(0, request.limit).map(({ key, value, stamp }) => ({ key, value, stamp }));
    return { settings, next: page.length > request.limit ? (settings.at(-1)?.key ?? null) : null };
  }

  async setting(user: string, key: string): Promise<string> {
    await this.project(user);
    const { store } = this.#ports;
    const register = await store.getRegister(partitionOf(user, key), key);
    // Drafts of an earlier version stand among the others.
    return (register ?? (await store.getRegister(`settings/${user}`, key)))?.value ?? '';
  }

  /** The messages of a conversation that the user has deleted for themselves. */
  async hidden(user: string, conversation: string): Promise<ReadonlySet<number>> {
    await this.project(user);
    const prefix = `hide/${conversation}/`;
    const own = await listAll(this.#ports.store, `settings/${user}`, prefix, 500);
    return new Set(own.flatMap(({ key, value }) => (value === '1' ? Number(key.slice(prefix.length)) : [])));
  }

  /** Several at once, in their order. */
  async settingsOf(user: string, keys: readonly string[]): Promise<string[]> {
    await this.project(user);
    const registers = keys.map((key) => this.#ports.store.getRegister(`settings/${user}`, key));
    return (await Promise.all(registers)).map((register) => register?.value ?? '');
  }

  /** How many settings that are not empty have a key that begins so, at most `most`. */
  async countSettings(user: string, prefix: string, most: number): Promise<number> {
    await this.project(user);
    let count = 0;
    for (let after = prefix; count < most; ) {
      const page = await this.#ports.store.listRegisters(`settings/${user}`, after, 500);
      count += page.filter(({ key, value }) => key.startsWith(prefix) && value !== '').length;
      const last = page.at(-1)?.key;
      if (page.length < 500 || !last?.startsWith(prefix)) return count;
      after = last;
    }
    return count;
  }

  /** Raises what the feed's `set` entries say, from where the last projection ended. */
  async project(user: string): Promise<void> {
    const { store } = this.#ports;
    const epoch = await store.epoch();
    const head = await this.head(user);
    const since = (await store.getRegister(`feed/${user}`, 'projected'))?.stamp ?? 0;
    let projected = since;
    while (projected < head) {
      const { rows } = await store.read(`f/${user}`, projected + 1, 500);
      if (rows.length === 0) break;
      const entries = collapse(rows.filter((row) => !hasGone(row)).map(feedEntryOf));
      const registers = entries.flatMap((entry) =>
        entry.kind === 'set' ? [{ key: entry.key, stamp: epoch * 2 ** 40 + entry.seq, value: entry.value }] : [],
      );
      const of = (drafts: boolean) => registers.filter(({ key }) => isDraft(key) === drafts);
      if (of(false).length > 0) await store.raise(`settings/${user}`, of(false));
      if (of(true).length > 0) await store.raise(`drafts/${user}`, of(true));
      for (const { key, stamp, value } of registers) {
        const [kind, other] = key.split('/');
        if (kind === 'block') await store.raise(`blockers/${other}`, [{ key: user, stamp, value }]);
      }
      projected = rows.at(-1)?.seq ?? head;
    }
    if (projected > since) await store.raise(`feed/${user}`, [{ key: 'projected', stamp: projected, value: '' }]);
  }

  #lane(user: string): FeedLane {
    let lane = this.#lanesByUser.get(user);
    if (!lane) {
      if (this.#lanesByUser.size >= LANES_MAX) this.#evict();
      lane = { head: null, trimmed: 0, running: false, owed: new Map(), pointers: new Map(), usedAt: 0 };
      this.#lanesByUser.set(user, lane);
    }
    lane.usedAt = this.#ports.clock.monotonic();
    return lane;
  }

  #evict(): void {
    const idle = [...this.#lanesByUser].filter(([, lane]) => !lane.running).sort((a, b) => a[1].usedAt - b[1].usedAt);
    for (const [user] of idle.slice(0, LANES_MAX / 10)) this.#lanesByUser.delete(user);
  }

  async #run(user: string, lane: FeedLane): Promise<void> {
    lane.running = true;
    let tries = 0;
    while (lane.owed.size > 0) {
      const batch = takeBatch(lane.owed);
      try {
        lane.head ??= await this.#ports.store.head(`f/${user}`);
        const at = this.#ports.clock.now();
        const from = lane.head + 1;
        const wires = batch.map(({ draft }, i) => JSON.stringify({ v: 1, seq: from + i, at, ...draft }));
        const rows = batch.map(({ draft }, i) => rowOf(draft, wires[i]!, at));
        const outcome = await this.#ports.store.append(`f/${user}`, lane.head, rows);
        if (outcome.kind === 'moved') {
          lane.head = null;
          restore(lane.owed, batch);
          continue;
        }
        lane.head = outcome.last;
        for (const { draft } of batch)
          if (draft.kind === 'advance') rememberPointer(lane, draft.conversation, draft.to);
        this.#onFed({ user, from, to: outcome.last, wires });
        for (const { done } of batch) for (const settle of done) settle(outcome.last);
        tries = 0;
        await this.#trim(user, lane);
      } catch (error) {
        lane.head = null;
        if (error instanceof Unknown) {
          restore(lane.owed, batch);
          await delay(this.#ports.clock, backoff(this.#ports.random, tries++, 5, 1_000));
        } else {
          for (const { failed } of batch) for (const settle of failed) settle(error);
        }
      }
    }
    lane.running = false;
  }

  /** Keeps the newest entries; what the older ones said of settings has been projected first. */
  async #trim(user: string, lane: FeedLane): Promise<void> {
    const kept = this.#ports.feedKept ?? DEFAULT_KEPT;
    if (lane.head === null || lane.head - lane.trimmed < 2 * kept) return;
    const upTo = lane.head - kept;
    await this.project(user);
    await this.#ports.store.trim(`f/${user}`, upTo);
    lane.trimmed = upTo;
  }
}

/** Drafts stand by themselves: what was overwritten there is taken out of the files each hour. */
function partitionOf(user: string, key: string): string {
  return `${isDraft(key) ? 'drafts' : 'settings'}/${user}`;
}

function rowOf(draft: FeedDraft, wire: string, at: number): Row {
  if (draft.kind !== 'set' || !isDraft(draft.key) || draft.value === '') return { header: wire, body: null };
  const { value, ...header } = JSON.parse(wire) as { value: string };
  return { header: JSON.stringify(header), body: value, expires: at + DRAFT_IN_FEED_MS };
}

function takeBatch(owed: Map<string, Owed>): Owed[] {
  const batch: Owed[] = [];
  let bytes = 0;
  for (const [subject, item] of owed) {
    const size = item.draft.kind === 'set' ? item.draft.value.length * 3 + 300 : 300;
    if (batch.length === APPEND_ROWS_MAX || bytes + size > APPEND_BYTES_MAX) break;
    bytes += size;
    batch.push(item);
    owed.delete(subject);
  }
  return batch;
}

/** Puts back what was not written, before what came meanwhile. */
function restore(owed: Map<string, Owed>, batch: readonly Owed[]): void {
  const newer = [...owed];
  owed.clear();
  for (const item of batch) owed.set(subjectOf(item.draft), item);
  for (const [subject, item] of newer) {
    const old = owed.get(subject);
    const draft = old && isOlder(item.draft, old.draft) ? old.draft : item.draft;
    owed.set(subject, {
      draft,
      done: [...(old?.done ?? []), ...item.done],
      failed: [...(old?.failed ?? []), ...item.failed],
    });
  }
}

function rememberPointer(lane: FeedLane, conversation: string, to: number): void {
  lane.pointers.delete(conversation);
  lane.pointers.set(conversation, to);
  if (lane.pointers.size <= POINTERS_MAX) return;
  for (const oldest of lane.pointers.keys()) {
    lane.pointers.delete(oldest);
    break;
  }
}
