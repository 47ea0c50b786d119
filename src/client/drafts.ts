/** What is being written: kept here at once, on the server after a pause; the newest of all devices is shown. */
import type { Clock } from '../core/clock.ts';
import { settingKey } from '../protocol/settings.ts';
import { codeOf, mayRetry } from './failed.ts';
import type { Replica } from './replica.ts';

const PAUSE_MS = 2_000;
const AGAIN_MS = 10_000;

export class Drafts {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #device: string;
  readonly #set: (key: string, value: string) => Promise<void>;
  readonly #changed: (conversation: string) => void;
  /** Not yet on the server. */
  readonly #own = new Map<string, string>();
  readonly #timers = new Map<string, () => void>();

  constructor(
    replica: Replica,
    clock: Clock,
    device: string,
    set: (key: string, value: string) => Promise<void>,
    changed: (conversation: string) => void,
  ) {
    this.#replica = replica;
    this.#clock = clock;
    this.#device = device;
    this.#set = set;
    this.#changed = changed;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#replica.storage.range('d/', 'd0', 1_000)) {
      this.#own.set(key.slice(2), String(value));
      this.#later(key.slice(2), PAUSE_MS);
    }
  }

  get(conversation: string): string {
    return this.#own.get(conversation) ?? this.#replica.settings.draftOf(conversation);
  }

  write(conversation: string, text: string): void {
    if (this.get(conversation) === text) return;
    this.#own.set(conversation, text);
    this.#replica.put(`d/${conversation}`, text);
    this.#later(conversation, PAUSE_MS);
    this.#changed(conversation);
  }

  /** Sending clears the version that was sent, and no newer one. */
  sent(conversation: string, text: string): void {
    if (this.get(conversation).trim() === text.trim()) this.write(conversation, '');
  }

  #later(conversation: string, delayMs: number): void {
    this.#timers.get(conversation)?.();
    this.#timers.set(
      conversation,
      this.#clock.after(delayMs, () => void this.#save(conversation)),
    );
  }

  async #save(conversation: string): Promise<void> {
    this.#timers.delete(conversation);
    const text = this.#own.get(conversation);
    if (text === undefined) return;
    try {
      await this.#set(settingKey.draft(conversation, this.#device), text);
      if (this.#own.get(conversation) !== text) return;
      this.#own.delete(conversation);
      this.#replica.stage({ kind: 'delete', key: `d/${conversation}` });
      // Another device may have written meanwhile, and what is newer was not shown over what was one's own.
      this.#changed(conversation);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'conversation_ended') this.drop(conversation);
      // What is too long stays here alone, until it is another.
      else if (mayRetry(code) && !this.#timers.has(conversation)) this.#later(conversation, AGAIN_MS);
    }
  }

  /** Of a conversation of which nothing is kept. */
  drop(conversation: string): void {
    this.#timers.get(conversation)?.();
    this.#timers.delete(conversation);
    if (!this.#own.delete(conversation)) return;
    this.#replica.stage({ kind: 'delete', key: `d/${conversation}` });
    this.#changed(conversation);
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
  }
}
