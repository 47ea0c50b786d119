/** What stands on the screens of devices as far as this server has put it there; in memory, the oldest forgotten first. */

interface Last {
  readonly seq: number;
  /** By the monotonic clock. */
  readonly at: number;
  readonly expires: number | null;
}

interface Place {
  readonly conversation: string;
  readonly user: string;
  readonly device: string;
}

const KEPT_MAX = 20_000;

export class Told {
  readonly #places = new Map<string, Place & Last>();
  readonly #byConversation = new Map<string, Set<string>>();

  at(conversation: string, user: string, device: string): Last | null {
    return this.#places.get(keyOf(conversation, user, device)) ?? null;
  }

  of(conversation: string, user?: string): Place[] {
    const places = [...(this.#byConversation.get(conversation) ?? [])].map((key) => this.#places.get(key)!);
    return user === undefined ? places : places.filter((place) => place.user === user);
  }

  note(conversation: string, user: string, device: string, last: Last): void {
    this.forget(conversation, user, device);
    const key = keyOf(conversation, user, device);
    this.#places.set(key, { conversation, user, device, ...last });
    const keys = this.#byConversation.get(conversation) ?? new Set();
    this.#byConversation.set(conversation, keys.add(key));
    const [oldest] = this.#places.values();
    if (oldest && this.#places.size > KEPT_MAX) this.forget(oldest.conversation, oldest.user, oldest.device);
  }

  forget(conversation: string, user: string, device: string): void {
    const key = keyOf(conversation, user, device);
    if (!this.#places.delete(key)) return;
    const keys = this.#byConversation.get(conversation);
    keys?.delete(key);
    if (keys?.size === 0) this.#byConversation.delete(conversation);
  }

  /** Of messages that have gone by themselves. */
  expired(now: number): Place[] {
    return [...this.#places.values()].filter(({ expires }) => expires !== null && expires <= now);
  }
}

function keyOf(conversation: string, user: string, device: string): string {
  return `${conversation} ${user} ${device}`;
}
