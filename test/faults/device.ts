/** One device that sends all the time, loses its connection with the server, comes back and asks again with the same keys. */
import { type Account, newKey, Refused, Unanswered, Wire } from '../../src/bench/wire.ts';
import type { MessageEntry } from '../../src/protocol/entities.ts';
import { PAGE_MAX } from '../../src/protocol/limits.ts';
import type { Recorder } from './record.ts';

interface Unsent {
  readonly key: string;
  readonly baseSeq: number;
  readonly text: string;
}

/** What one device knows of one conversation. */
export interface Log {
  /** In the order they were written here. */
  readonly written: string[];
  readonly acked: Map<string, number>;
  readonly refused: Map<string, string>;
  /** Seen live, by seq. */
  readonly observed: Map<number, string>;
  head: number;
  outbox: Unsent[];
}

const DRAFTS_MOST = 3;

export class Device {
  readonly logs = new Map<string, Log>();
  readonly name: string;
  /** What this device saw that no history can explain, such as two keys under one seq. */
  readonly contradictions: string[] = [];
  reconnects = 0;
  #wire: Wire | null = null;
  #stopped = false;
  readonly #account: Account;
  readonly #url: string;
  readonly #recorder: Recorder;

  constructor(name: string, url: string, account: Account, conversations: readonly string[], recorder: Recorder) {
    this.name = name;
    this.#url = url;
    this.#account = account;
    this.#recorder = recorder;
    for (const id of conversations) {
      const log = { written: [], acked: new Map(), refused: new Map(), observed: new Map(), head: 0, outbox: [] };
      this.logs.set(id, log);
    }
  }

  /** Sends until `writing` says no and everything written is answered. */
  async run(writing: () => boolean): Promise<void> {
    const connecting = this.#stayConnected();
    await Promise.all([...this.logs].map(([id, log]) => this.#sendAll(id, log, writing)));
    this.#stopped = true;
    this.#wire?.close();
    await connecting;
  }

  async #stayConnected(): Promise<void> {
    while (!this.#stopped) {
      try {
        const wire = await Wire.connect(this.#url, this.#account.token);
        const closed = new Promise<void>((resolve) => (wire.onClose = resolve));
        wire.onEvent = (event) => {
          if (event.type !== 'message') return;
          this.#observe(
            event.conversation,
            event.entries.map(({ seq, key }) => [seq, key]),
          );
        };
        this.#wire = wire;
        await closed;
        this.#wire = null;
        this.reconnects++;
      } catch {
        await Bun.sleep(20 + Math.random() * 80);
      }
    }
  }

  async #sendAll(id: string, log: Log, writing: () => boolean): Promise<void> {
    while (writing() || log.outbox.length > 0) {
      if (log.outbox.length === 0) this.#write(log);
      const wire = this.#wire;
      if (wire === null) await Bun.sleep(10);
      else await this.#send(wire, id, log);
      await Bun.sleep(Math.random() * 60);
    }
  }

  #write(log: Log): void {
    const many = 1 + Math.floor(Math.random() * DRAFTS_MOST);
    for (let i = 0; i < many; i++) {
      const key = newKey();
      log.written.push(key);
      log.outbox.push({ key, baseSeq: log.head, text: `${this.name} writes number ${log.written.length}` });
    }
  }

  async #send(wire: Wire, conversation: string, log: Log): Promise<void> {
    const line = { proc: this.name, op: 'send', conversation } as const;
    for (const { key } of log.outbox) this.#recorder.add({ ...line, phase: 'start', key });
    const unknown = (keys: readonly Unsent[]) => {
      for (const { key } of keys) this.#recorder.add({ ...line, phase: 'unknown', key });
    };
    try {
      const drafts = log.outbox.map(
        ({ key, baseSeq, text }) => ({ kind: 'message', key, baseSeq, body: { v: 1, text } }) as const,
      );
      const { results } = await wire.call('send', { conversation, drafts });
      let waitMs = 0;
      for (const result of results) {
        const { key } = result;
        if ('seq' in result) {
          log.acked.set(key, result.seq);
          log.head = Math.max(log.head, result.seq);
          this.#recorder.add({ ...line, phase: 'ok', key, seq: result.seq });
        } else if ('code' in result && !mayPass(result.code)) {
          log.refused.set(key, result.code);
          this.#recorder.add({ ...line, phase: 'refused', key });
        } else {
          waitMs = Math.max(waitMs, ('code' in result && result.retryAfterMs) || 50);
          this.#recorder.add({ ...line, phase: 'unknown', key });
        }
      }
      log.outbox = log.outbox.filter(({ key }) => !log.acked.has(key) && !log.refused.has(key));
      if (waitMs > 0) await Bun.sleep(waitMs);
    } catch (error) {
      unknown(log.outbox);
      if (error instanceof Refused && !mayPass(error.failure.code)) throw error;
      if (error instanceof Refused) await Bun.sleep(error.failure.retryAfterMs ?? 50);
      else if (!(error instanceof Unanswered)) throw error;
    }
  }

  #observe(conversation: string, entries: readonly (readonly [number, string])[]): void {
    const log = this.logs.get(conversation);
    if (!log) return;
    this.#recorder.add({ proc: this.name, op: 'observe', phase: 'ok', conversation, entries });
    for (const [seq, key] of entries) {
      const before = log.observed.get(seq);
      if (before !== undefined && before !== key) this.contradictions.push(`${conversation} ${seq}: ${before}, ${key}`);
      log.observed.set(seq, key);
    }
  }

  /** The whole history of each conversation as this device reads it, over a connection of its own. */
  async history(): Promise<Map<string, readonly (readonly [number, string, MessageEntry | null])[]>> {
    const wire = await Wire.connect(this.#url, this.#account.token);
    const all = new Map<string, readonly (readonly [number, string, MessageEntry | null])[]>();
    for (const conversation of this.logs.keys()) {
      const entries: (readonly [number, string, MessageEntry | null])[] = [];
      const line = { proc: this.name, op: 'read', conversation } as const;
      this.#recorder.add({ ...line, phase: 'start' });
      for (let after = 0; ; ) {
        const slice = await wire.call('history', { conversation, place: { after }, limit: PAGE_MAX });
        for (const entry of slice.entries) {
          entries.push([entry.seq, entry.key, entry.kind === 'message' ? entry : null]);
        }
        if (slice.to >= slice.head || slice.to <= after) break;
        after = slice.to;
      }
      this.#recorder.add({ ...line, phase: 'ok', entries: entries.map(([seq, key]) => [seq, key]) });
      all.set(conversation, entries);
    }
    wire.close();
    return all;
  }
}

function mayPass(code: string): boolean {
  return ['rate_limited', 'overloaded', 'unavailable', 'unknown_outcome', 'internal'].includes(code);
}
