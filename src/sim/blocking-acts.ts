/** People block others, and take it back; what a block forbids is asked of a server as soon as it stands. */
import type { Device } from './devices.ts';
import type { Ledger } from './ledger.ts';
import type { Network } from './network.ts';
import { idFor } from './people.ts';
import type { SeededRandom } from './time.ts';

/** What is only shown may be told by the blocks of so long before. */
const SHOWN_MS = 2_500;

export class BlockingActs {
  /** `blocker blocked`, of blocks that were answered and that nobody has tried to take back. */
  readonly #standing = new Set<string>();
  /** Taken back at some time: one that is set again may be overtaken by that. */
  readonly #doubtful = new Set<string>();
  readonly #names: readonly string[];
  readonly #devices: readonly Device[];
  readonly #network: Network;
  readonly #ledger: Ledger;
  readonly #random: SeededRandom;
  readonly #onIntruded: (detail: string) => void;

  constructor(
    names: readonly string[],
    devices: readonly Device[],
    network: Network,
    ledger: Ledger,
    random: SeededRandom,
    onIntruded: (detail: string) => void,
  ) {
    this.#names = names;
    this.#devices = devices;
    this.#network = network;
    this.#ledger = ledger;
    this.#random = random;
    this.#onIntruded = onIntruded;
  }

  act(): void {
    const random = this.#random;
    const { user, messenger } = random.pick(this.#devices);
    if (!messenger) return;
    const other = random.pick(this.#names.map(idFor).filter((name) => name !== user));
    const pair = `${user} ${other}`;
    if (random.chance(0.4)) {
      this.#doubtful.add(pair);
      this.#standing.delete(pair);
      messenger.unblock(other).catch(() => {});
      return;
    }
    messenger.block(other).then(
      () => {
        if (this.#doubtful.has(pair)) return;
        this.#standing.add(pair);
        for (const afterMs of [0, SHOWN_MS, 3 * SHOWN_MS]) {
          this.#network.queue.after(afterMs, () => {
            this.#write(pair, user, other);
            this.#write(pair, other, user);
            if (afterMs === 0) return;
            this.#look(pair, user, other);
            this.#look(pair, other, user);
          });
        }
      },
      () => {},
    );
  }

  /** Nobody can write to the other, in the chat of the two. */
  #write(pair: string, from: string, to: string): void {
    const conversation = this.#ledger.directOf(from, to);
    if (conversation === null) return;
    const drafts = [{ kind: 'message', key: this.#random.id(), body: { v: 1, text: 'despite the block' } }];
    this.#ask(pair, from, { type: 'send', conversation, drafts }, (result) => {
      const [sent] = (result as { results: { seq?: number }[] }).results;
      if (sent?.seq !== undefined) this.#onIntruded(`${from} writes to ${to} as ${sent.seq} of ${conversation}`);
    });
  }

  /** Nobody sees whether the other is here. */
  #look(pair: string, from: string, to: string): void {
    this.#ask(pair, from, { type: 'watch', users: [to] }, (result) => {
      const { presence } = result as { presence: { online: boolean; lastSeen: unknown; vague: unknown }[] };
      const isTold = presence.some(({ online, lastSeen, vague }) => online || lastSeen !== null || vague !== null);
      if (isTold) this.#onIntruded(`${from} is told whether ${to} is here`);
    });
  }

  /** A block that is taken back meanwhile forbids nothing. */
  #ask(pair: string, user: string, command: object, judge: (result: unknown) => void): void {
    const running = [...this.#network.servers.running.values()];
    if (!this.#standing.has(pair) || running.length === 0) return;
    const session = { user, device: idFor(`${user}/program`) };
    void this.#random
      .pick(running)
      .node.execute(session, { id: 1, ...command })
      .then((reply) => {
        if ('result' in reply && this.#standing.has(pair)) judge(reply.result);
      });
  }
}
