/** Password hashes, two at a time: each takes a processor for some 28 ms and 19 MiB. */
import { utf8Bytes } from '../core/text.ts';
import type { Passwords } from './accounts.ts';
import { Failed } from './failed.ts';

const ARGON = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;
const AT_ONCE = 2;
const QUEUE_MAX = 200;
const PASSWORD_BYTES = 1_024;

export class ArgonPasswords implements Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #dummy = this.#limited(() => Bun.password.hash('nobody has this one', ARGON));

  hash(password: string): Promise<string> {
    return this.#limited(() => Bun.password.hash(prepared(password), ARGON));
  }

  /** As slow for an account that does not exist (`hash` null) as for one that does. */
  async verify(password: string, hash: string | null): Promise<boolean> {
    const stored = hash ?? (await this.#dummy);
    const right = await this.#limited(() => Bun.password.verify(prepared(password), stored));
    return right && hash !== null;
  }

  async #limited<T>(run: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= QUEUE_MAX) throw new Failed('overloaded', { retryAfterMs: 1_000 });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

function prepared(password: string): string {
  const normal = password.normalize('NFKC');
  if (utf8Bytes(normal) > PASSWORD_BYTES) throw new Failed('too_large');
  return normal;
}
