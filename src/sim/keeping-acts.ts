/** People choose how long things stay: timers, chats that end, ends that are moved. */
import type { ConversationView } from '../client/views.ts';
import type { Lifetime } from '../protocol/entities.ts';
import type { Device } from './devices.ts';
import { BEGINNING } from './known-keeping.ts';
import type { Network } from './network.ts';
import { idFor } from './people.ts';
import type { SeededRandom } from './time.ts';

/** Most of them are over before the seed is; the last one never. */
const SECONDS = [5, 10, 30, 86_400];
const LEAST_MS = 4_000;
const MOST_MS = 25_000;

export class KeepingActs {
  readonly #names: readonly string[];
  readonly #devices: readonly Device[];
  readonly #network: Network;
  readonly #random: SeededRandom;
  #texts = 0;

  constructor(names: readonly string[], devices: readonly Device[], network: Network, random: SeededRandom) {
    this.#names = names;
    this.#devices = devices;
    this.#network = network;
    this.#random = random;
  }

  act(): void {
    const random = this.#random;
    const device = random.pick(this.#devices);
    const { messenger } = device;
    if (!messenger) return;
    const view = random.pick([...messenger.inbox().conversations, null]);
    const choice = random.next();
    if (!view || choice < 0.08) {
      const other = random.pick(this.#names.map(idFor).filter((user) => user !== device.user));
      const until = random.chance(0.8) ? this.#soon() : undefined;
      if (choice < 0.5) done(messenger.createTemporary(other, until).then((id) => device.send(id, this.#text())));
      else done(messenger.createGroup(`e${this.#texts++}`, [other], 'joined', this.#whole(until)));
    } else if (choice < 0.3) done(messenger.setLifetime(view.id, this.#lifetime(view)));
    else if (choice < 0.7) done(device.send(view.id, this.#text()));
    else if (choice < 0.85) done(messenger.markRead(view.id, view.head));
    else done(device.read(view.id, 1, 10));
  }

  #lifetime({ kind, lifetime }: ConversationView): Lifetime {
    const random = this.#random;
    if (lifetime.kind === 'whole' && random.chance(0.8)) return this.#whole(this.#soon());
    if (kind === 'group' && random.chance(0.05)) return this.#whole(this.#soon());
    if (random.chance(0.2)) return { kind: 'always' };
    const after = kind === 'direct' && random.chance(0.6) ? { after: 'reading' as const } : {};
    return { kind: 'timer', seconds: random.pick(SECONDS), ...after };
  }

  #whole(until: number | undefined): Lifetime {
    return { kind: 'whole', ...(until === undefined ? {} : { until }) };
  }

  #soon(): number {
    return Math.round(BEGINNING + this.#network.queue.now + LEAST_MS + this.#random.next() * (MOST_MS - LEAST_MS));
  }

  #text(): string {
    return `k${this.#texts++}`;
  }
}

function done(work: Promise<unknown>): void {
  work.catch(() => {});
}
