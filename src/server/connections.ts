import type { Connection } from './connection.ts';

/** The table from user to open connections of this server (and from device: the newest connection wins). */
export class Connections {
  readonly #byUser = new Map<string, Set<Connection>>();
  readonly #byDevice = new Map<string, Connection>();
  readonly #all = new Set<Connection>();

  get size(): number {
    return this.#all.size;
  }

  all(): Iterable<Connection> {
    return this.#all;
  }

  /** Before it is signed in: counted, reachable by nobody. */
  opened(connection: Connection): void {
    this.#all.add(connection);
  }

  /** Returns the connection of the same device that it takes over from. */
  signedIn(connection: Connection, user: string, device: string): Connection | undefined {
    let connections = this.#byUser.get(user);
    if (!connections) {
      connections = new Set();
      this.#byUser.set(user, connections);
    }
    connections.add(connection);
    const previous = this.#byDevice.get(device);
    this.#byDevice.set(device, connection);
    return previous;
  }

  closed(connection: Connection): void {
    this.#all.delete(connection);
    const session = connection.session;
    if (!session) return;
    const connections = this.#byUser.get(session.user);
    connections?.delete(connection);
    if (connections?.size === 0) this.#byUser.delete(session.user);
    if (this.#byDevice.get(session.device) === connection) this.#byDevice.delete(session.device);
  }

  of(user: string): Iterable<Connection> {
    return this.#byUser.get(user) ?? [];
  }

  count(user: string): number {
    return this.#byUser.get(user)?.size ?? 0;
  }

  ofDevice(device: string): Connection | undefined {
    return this.#byDevice.get(device);
  }
}
