/**
 * One key for each hour in which bodies end, for the whole store. A body is unreadable once the key of its hour is
 * destroyed, wherever its bytes still lie: in the engine's log, in a table that was not compacted yet, in a backup.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Where the keys are kept: written whole and flushed before `save` returns, so that none is used that is not there. */
export interface KeyFile {
  load(): Record<string, string>;
  save(keys: Readonly<Record<string, string>>): void;
}

const HOUR_MS = 3_600_000;
/** Keys are made for so many hours from the one that is asked for, so that the file is not written for each. */
const AHEAD_HOURS = 12;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The hour whose end is the first at or after that time: its key lives as long as anything that ends within it. */
function hourOf(expires: number): number {
  return Math.ceil(expires / HOUR_MS);
}

export class Keyring {
  readonly #file: KeyFile | null;
  readonly #keys: Map<number, Buffer>;
  /** Hours up to this one are over: no key is ever made for them again. */
  #over = 0;

  /** Without a file the keys go with the process. */
  constructor(file: KeyFile | null = null) {
    this.#file = file;
    const kept = file?.load() ?? {};
    this.#keys = new Map(Object.entries(kept).map(([hour, key]) => [Number(hour), Buffer.from(key, 'base64')]));
  }

  /** The body as it is stored: the hour, and what only the key of that hour opens; null when that hour is over. */
  seal(body: string, expires: number): Buffer | null {
    const hour = hourOf(expires);
    const key = this.#keyFor(hour);
    if (!key) return null;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const sealed = Buffer.concat([cipher.update(body, 'utf8'), cipher.final()]);
    const head = Buffer.allocUnsafe(4);
    head.writeUInt32BE(hour);
    return Buffer.concat([head, nonce, cipher.getAuthTag(), sealed]);
  }

  /** Null once the key is destroyed. */
  open(bytes: Buffer): string | null {
    const key = this.#keys.get(bytes.readUInt32BE(0));
    if (!key) return null;
    const nonceEnd = 4 + NONCE_BYTES;
    const tagEnd = nonceEnd + TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(4, nonceEnd));
    decipher.setAuthTag(bytes.subarray(nonceEnd, tagEnd));
    return decipher.update(bytes.subarray(tagEnd), undefined, 'utf8') + decipher.final('utf8');
  }

  #keyFor(hour: number): Buffer | null {
    const known = this.#keys.get(hour);
    if (known || hour <= this.#over) return known ?? null;
    for (let next = hour; next < hour + AHEAD_HOURS; next++) {
      if (!this.#keys.has(next)) this.#keys.set(next, randomBytes(KEY_BYTES));
    }
    this.#save();
    return this.#keys.get(hour)!;
  }

  /** Destroys the keys of all hours that are over by then. May be repeated. */
  destroy(now: number): void {
    this.#over = Math.max(this.#over, Math.floor(now / HOUR_MS));
    const over = [...this.#keys.keys()].filter((hour) => hour <= this.#over);
    if (over.length === 0) return;
    for (const hour of over) {
      this.#keys.get(hour)!.fill(0);
      this.#keys.delete(hour);
    }
    this.#save();
  }

  #save(): void {
    this.#file?.save(Object.fromEntries([...this.#keys].map(([hour, key]) => [hour, key.toString('base64')])));
  }
}
