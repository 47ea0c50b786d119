/** A server of two users in memory, over two queues that only `run` moves, and a clock that only `pass` moves. */
import { createMessenger } from '../../src/client/messenger.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { Handlers, Transport } from '../../src/client/transport.ts';
import type { Carrier } from '../../src/client/uploading.ts';
import type { Clock, Random } from '../../src/core/clock.ts';
import type { Entry, FeedEntry, Summary } from '../../src/protocol/entities.ts';
import type { CommandFrame, ServerFrame } from '../../src/protocol/frames.ts';

const idOf = (letter: string) => `${letter.repeat(21)}A`;
export const ME = idOf('m');
export const YOU = idOf('y');
export const DEVICE = idOf('d');
export const CHAT = idOf('c');
export const OTHER = idOf('o');

export class SteppedClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];
  now = () => 1_000_000 + this.#now;
  monotonic = () => this.#now;
  soon = (run: () => void) => queueMicrotask(run);
  after(delayMs: number, run: () => void) {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }
  get waiting(): number {
    return this.#timers.length;
  }
  /** Runs the next timer up to `until`; false when there is none. */
  step(until: number): boolean {
    const next = this.#timers.sort((a, b) => a.at - b.at)[0];
    if (!next || next.at > until) {
      this.#now = until;
      return false;
    }
    this.#timers.shift();
    this.#now = Math.max(this.#now, next.at);
    next.run();
    return true;
  }
}

function countingRandom(): Random {
  let count = 0;
  return { next: () => 0.5, id: () => `${String(++count).padStart(21, '0')}A` };
}

export async function settle(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}

// biome-ignore lint/suspicious/noExplicitAny: a fake reads frames without proving what they are
export type Loose = any;
type Frame = { id: number; type: string } & Record<string, Loose>;

export class FakeServer implements Transport {
  readonly clock = new SteppedClock();
  readonly random = countingRandom();
  readonly logs = new Map<string, Entry[]>([[CHAT, []]]);
  readonly gone = new Set<string>();
  readonly reads = new Map<string, number>();
  feed: FeedEntry[] = [];
  epoch = 1;
  floor = 0;
  /** Answers instead of the server: `{result}`, `{error}`, null for nothing ever, undefined for the usual. */
  script: (
    frame: Frame,
  ) => { result: unknown } | { error: { code: string; retryAfterMs?: number } } | null | undefined = () => undefined;
  pushes = true;
  /** Links say that presence has to be asked for. */
  pulls = false;
  reachable = true;
  received: Frame[] = [];
  #in: Frame[] = [];
  #out: ServerFrame[] = [];
  #handlers: Handlers | null = null;

  open(handlers: Handlers) {
    this.#handlers = handlers;
    queueMicrotask(() => {
      if (this.#handlers !== handlers) return;
      if (this.reachable) handlers.opened();
      else handlers.closed(1006, '');
    });
    const isOpen = () => this.#handlers === handlers;
    return {
      ...(this.pulls ? { pulls: true as const } : {}),
      send: (frames: readonly CommandFrame[]) => void (isOpen() && this.#in.push(...(frames as readonly Loose[]))),
      close: () => {
        if (isOpen()) this.#handlers = null;
      },
    };
  }

  drop(code = 1006): void {
    this.#in = [];
    this.#out = [];
    const handlers = this.#handlers;
    this.#handlers = null;
    handlers?.closed(code, '');
  }

  push(event: ServerFrame): void {
    this.#out.push(event);
  }

  /** Both queues, until nothing moves. */
  async run(): Promise<void> {
    for (let quiet = 0; quiet < 4; ) {
      await settle();
      const frames = this.#in.splice(0);
      for (const frame of frames) this.#handle(frame);
      const delivered = this.deliver();
      quiet = frames.length + delivered > 0 ? 0 : quiet + 1;
    }
  }

  /** What was said arrives now; how many frames that were. */
  deliver(): number {
    const answers = this.#out.splice(0);
    for (const answer of answers) this.#handlers?.frame(answer);
    return answers.length;
  }

  async pass(ms: number): Promise<void> {
    const until = this.clock.monotonic() + ms;
    do await this.run();
    while (this.clock.step(until));
    await this.run();
  }

  said(type: string): Frame[] {
    return this.received.filter((frame) => frame.type === type);
  }

  /** Somebody writes; pushed and fed unless told otherwise. */
  write(text: string, { sender = YOU, chat = CHAT, key = this.random.id(), fed = true } = {}): number {
    const log = this.logs.get(chat) ?? [];
    this.logs.set(chat, log);
    const seq = log.length + 1;
    const last = log.at(-1);
    const entry: Entry = {
      v: 1,
      seq,
      at: 1_000 + seq,
      sender,
      device: sender,
      key,
      ordinal: (last?.ordinal ?? 0) + 1,
      lastMessage: seq,
      kind: 'message',
      body: { v: 1, text },
    };
    log.push(entry);
    if (this.pushes) this.push({ type: 'message', conversation: chat, entries: [entry] });
    if (fed) this.tell({ kind: 'advance', conversation: chat, to: seq });
    return seq;
  }

  /** Something is done to a message; as `write`. */
  append(chat: string, fields: Record<string, unknown>): number {
    const log = this.logs.get(chat)!;
    const seq = log.length + 1;
    const { ordinal, lastMessage } = log.at(-1)!;
    const header = { v: 1, seq, at: 1_000 + seq, device: DEVICE, ordinal, lastMessage };
    const entry = { ...header, ...fields } as Entry;
    log.push(entry);
    if (this.pushes) this.push({ type: 'message', conversation: chat, entries: [entry] });
    this.tell({ kind: 'advance', conversation: chat, to: seq });
    return seq;
  }

  many(count: number): void {
    for (let i = 0; i < count; i++) this.write(`text ${i + 1}`);
  }

  tell(draft: Record<string, unknown>): void {
    const seq = this.feed.length + 1;
    const entry = { v: 1, seq, at: 1, ...draft } as FeedEntry;
    this.feed.push(entry);
    if (this.pushes) this.push({ type: 'feed', epoch: this.epoch, from: seq, to: seq, entries: [entry] });
  }

  summary(id: string): Summary {
    const log = this.logs.get(id) ?? [];
    const read = this.reads.get(id) ?? 0;
    const last = log.at(-1) ?? null;
    const unread = log.filter((entry) => entry.seq > read && entry.sender !== ME).length;
    return {
      id,
      kind: 'direct',
      title: '',
      peer: YOU,
      history: 'all',
      channel: false,
      role: 'member',
      joined: 1,
      memberCount: 2,
      head: log.length,
      ordinal: log.length,
      last,
      at: last?.at ?? 0,
      read,
      unread: Math.min(1000, unread),
      marks: [
        { user: ME, delivered: 0, read: 0 },
        { user: YOU, delivered: 0, read: 0 },
      ],
    };
  }

  #handle(frame: Frame): void {
    this.received.push(frame);
    const scripted = this.script(frame);
    if (scripted === null) return;
    this.push({ re: frame.id, ...(scripted ?? { result: this.#answer(frame) }) } as ServerFrame);
  }

  #slice(id: string, from: number, to: number) {
    const log = this.logs.get(id) ?? [];
    return { conversation: id, from, to, entries: log.slice(from - 1, to), head: log.length };
  }

  #answer(frame: Frame): unknown {
    const head = this.feed.length;
    switch (frame.type) {
      case 'hello':
        return {
          protocol: 1,
          server: { id: 's', name: 's' },
          device: DEVICE,
          epoch: this.epoch,
          feedHead: head,
          at: 0,
          user: { user: ME, name: 'me', displayName: 'Me', role: 'person', version: 1 },
          heartbeatMs: 20_000,
          textBytes: 1,
          fileBytes: 1_000,
        };
      case 'send':
        return { results: frame['drafts'].map((draft: Loose) => this.#store(frame['conversation'], draft)) };
      case 'feed': {
        const { position, limit } = frame as Loose;
        const snapshot = position.epoch !== this.epoch || position.seq < this.floor;
        const entries = snapshot ? [] : this.feed.slice(position.seq, position.seq + limit);
        return { epoch: this.epoch, head, to: position.seq + entries.length, entries, snapshot };
      }
      case 'conversations': {
        const ids = [...this.logs.keys()].filter((id) => !this.gone.has(id));
        const at = frame['after'] === null ? 0 : Number(frame['after']);
        const next = ids.length > at + 1 ? String(at + 1) : null;
        return {
          epoch: this.epoch,
          feedHead: head,
          conversations: ids.slice(at, at + 1).map((id) => this.summary(id)),
          next,
        };
      }
      case 'summaries': {
        const ids: string[] = frame['conversations'];
        const here = ids.filter((id) => this.logs.has(id) && !this.gone.has(id));
        return { conversations: here.map((id) => this.summary(id)), gone: ids.filter((id) => !here.includes(id)) };
      }
      case 'read':
        return {
          slices: frame['ranges'].map((range: Loose) => this.#slice(range.conversation, range.after + 1, range.to)),
          gone: [],
        };
      case 'history': {
        const { conversation: id, place, limit } = frame as Loose;
        const top = this.logs.get(id)?.length ?? 0;
        if (place.after !== undefined) return this.#slice(id, place.after + 1, Math.min(top, place.after + limit));
        const to = place.last
          ? top
          : place.before
            ? place.before - 1
            : Math.min(top, (place.around ?? 1) + (limit >> 1));
        return this.#slice(id, Math.max(1, to - limit + 1), to);
      }
      case 'mark':
        this.reads.set(frame['conversation'], Math.max(this.reads.get(frame['conversation']) ?? 0, frame['read'] ?? 0));
        return { delivered: frame['delivered'] ?? 0, read: this.reads.get(frame['conversation']) };
      case 'set':
        this.tell({ kind: 'set', key: frame['key'], value: frame['value'] });
        return { seq: this.feed.length };
      case 'settings':
        return { settings: [], next: null };
      case 'marks':
        return { marks: [{ user: YOU, delivered: 2, read: 1 }] };
      case 'watch':
        return {
          presence: frame['users'].map((user: string) => ({ user, online: true, lastSeen: null, vague: null })),
        };
      case 'ping':
        return { at: 0, epoch: this.epoch, feedHead: head, stale: [], heads: [], profiles: [] };
      case 'profiles':
        return {
          profiles: frame['users'].map((user: string) => ({
            user,
            name: 'n',
            displayName: 'N',
            role: 'person',
            version: 1,
          })),
        };
      default:
        return {};
    }
  }

  #store(chat: string, { key, baseSeq, ...draft }: Loose) {
    const known = this.logs.get(chat)?.find((entry) => entry.sender === ME && entry.key === key && entry.seq > baseSeq);
    const store = () =>
      draft.kind === 'message'
        ? this.write(draft.body.text, { sender: ME, chat, key })
        : this.append(chat, { sender: ME, key, ...draft });
    return { key, at: 1, seq: known?.seq ?? store() };
  }
}

export async function start(
  server: FakeServer,
  storage = memoryStorage(),
  self = { user: ME, device: DEVICE },
  carrier?: Carrier,
) {
  const { clock, random } = server;
  const messenger = await createMessenger({
    transport: server,
    storage,
    clock,
    random,
    token: 't',
    self,
    ...(carrier && { carrier }),
  });
  await server.run();
  return messenger;
}

export const textsOf = (log: readonly Entry[] = []) =>
  log.map((entry) => (entry.kind === 'message' ? entry.body?.text : entry.kind));
