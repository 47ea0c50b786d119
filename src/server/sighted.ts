import { SHOWN_MAX } from '../protocol/limits.ts';
import type { Connections } from './connections.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

/** A device that polls says what it shows with each ping; it is believed for so long. */
const POLLED_MS = 45_000;
const DEVICES_MAX = 10_000;

/** Whose devices show which conversations, as far as they speak with this server. */
export class Sighted {
  readonly #ports: NodePorts;
  readonly #connections: Connections;
  readonly #polled = new Map<string, { user: string; shown: ReadonlySet<string>; until: number }>();

  constructor(ports: NodePorts, connections: Connections) {
    this.#ports = ports;
    this.#connections = connections;
  }

  /** What a device without a connection shows. */
  polled({ user, device }: Session, shown: readonly string[]): void {
    this.#polled.delete(device);
    if (shown.length === 0) return;
    const until = this.#ports.clock.monotonic() + POLLED_MS;
    this.#polled.set(device, { user, shown: new Set(shown.slice(0, SHOWN_MAX)), until });
    for (const [oldest, { until }] of this.#polled) {
      if (this.#polled.size <= DEVICES_MAX && until > this.#ports.clock.monotonic()) return;
      this.#polled.delete(oldest);
    }
  }

  shows(user: string, conversation: string): boolean {
    for (const { shown } of this.#connections.of(user)) if (shown.has(conversation)) return true;
    return this.#polling(conversation).includes(user);
  }

  /** Everybody who has it on some screen. */
  viewers(conversation: string): string[] {
    const users = new Set(this.#polling(conversation));
    for (const { session, shown } of this.#connections.all()) {
      if (session && shown.has(conversation)) users.add(session.user);
    }
    return [...users];
  }

  #polling(conversation: string): string[] {
    const now = this.#ports.clock.monotonic();
    const polled = [...this.#polled.values()];
    return polled.flatMap(({ user, shown, until }) => (until > now && shown.has(conversation) ? [user] : []));
  }
}
