/** One more device of a person, with the SDK, that is there all the time and only looks: what it ends up with is judged. */
import type { Account } from '../../src/bench/wire.ts';
import { createMessenger, type Messenger, memoryStorage } from '../../src/client/index.ts';
import type { Recorder } from './record.ts';

const PAGE = 200;

export class Replica {
  readonly name: string;
  readonly conversations: readonly string[];
  readonly #messenger: Messenger;
  readonly #recorder: Recorder;

  private constructor(name: string, conversations: readonly string[], messenger: Messenger, recorder: Recorder) {
    this.name = name;
    this.conversations = conversations;
    this.#messenger = messenger;
    this.#recorder = recorder;
  }

  static async open(
    name: string,
    url: string,
    { user, device, token }: Account,
    conversations: readonly string[],
    recorder: Recorder,
  ): Promise<Replica> {
    const session = { user, device, token };
    const messenger = await createMessenger({ server: url, session, storage: memoryStorage() });
    return new Replica(name, conversations, messenger, recorder);
  }

  /** What it holds once it has caught up, of each conversation. */
  async held(): Promise<Map<string, readonly (readonly [number, string])[]>> {
    this.#messenger.reconnect();
    await this.#messenger.caughtUp();
    const all = new Map<string, readonly (readonly [number, string])[]>();
    for (const conversation of this.conversations) {
      const line = { proc: this.name, op: 'read', conversation } as const;
      this.#recorder.add({ ...line, phase: 'start' });
      const entries = await this.#entries(conversation);
      this.#recorder.add({ ...line, phase: 'ok', entries });
      all.set(conversation, entries);
    }
    return all;
  }

  async #entries(conversation: string): Promise<(readonly [number, string])[]> {
    const timeline = this.#messenger.timeline(conversation, { page: PAGE });
    const keys = new Map<number, string>();
    try {
      // A timeline shows a window of a long conversation: what leaves it below has been collected.
      for (;;) {
        await timeline.loadOlder();
        const { items, atStart, failed } = timeline.view();
        if (failed !== null) throw new Error(`${this.name} cannot read ${conversation}: ${failed}.`);
        for (const item of items) if (item.kind === 'entry') keys.set(item.entry.seq, item.entry.key);
        if (atStart) break;
      }
    } finally {
      timeline.close();
    }
    return [...keys].sort(([a], [b]) => a - b);
  }

  close(): Promise<void> {
    return this.#messenger.close();
  }
}
