/** A whole server inside the demo, on a clock that can be moved. It keeps nothing unless it is given a folder. */
import { join } from 'node:path';
import { MemoryHub } from '../bus/memory.ts';
import { diskMedia } from '../media/disk.ts';
import { memoryMedia } from '../media/memory.ts';
import { sharpPictures } from '../media/sharp.ts';
import { makeVapidKeys } from '../push/keys.ts';
import { openWebPush } from '../push/web-push.ts';
import { MemoryIndex } from '../search/memory.ts';
import { startApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';
import { ArgonPasswords } from '../server/passwords.ts';
import { sha256, systemRandom } from '../server/system.ts';
import { openWeb, type Web } from '../server/web.ts';
import { openLevelStore } from '../store/leveldb.ts';
import { openMemoryStore } from '../store/memory.ts';
import { type LogId, type Store, Unavailable } from '../store/store.ts';
import { DemoChance, MovedClock } from './time.ts';

/** One process says what many people say. */
const LIMITS = { sendsPerSecond: 100_000, sendsBurst: 100_000, commandsPerSecond: 10_000, commandsBurst: 10_000 };
const SEED = 7275;

export interface HouseOptions {
  readonly port: number;
  /** An empty folder for LevelDB; without it all is in memory. */
  readonly data?: string | undefined;
  /** When it seems to be, in milliseconds since 1970. */
  readonly today?: number | undefined;
  /** Answers some addresses in place of the web app. */
  readonly door?: (path: string) => Response | null;
  /** For a server whose pages nobody opens. */
  readonly web?: Web;
}

export interface House {
  readonly url: string;
  readonly clock: MovedClock;
  readonly chance: DemoChance;
  /** From now on nothing more can be stored in that conversation. */
  jam(conversation: string): void;
  stop(): Promise<void>;
}

export async function openHouse({ port, data, today = Date.now(), door, web }: HouseOptions): Promise<House> {
  const clock = new MovedClock(today);
  const chance = new DemoChance(SEED);
  const jammed = new Set<LogId>();
  const pages =
    web ?? (await openWeb({ url: null, mediaUrl: null }, (line) => console.error(line), new AbortController().signal));
  const config = readConfig(['--port', String(port), '--host', '127.0.0.1'], {
    PARLEY_LIMITS: JSON.stringify(LIMITS),
    PARLEY_JOIN: 'anyone',
  });
  if (config === 'help' || config === 'version') throw new Error('These flags start a server.');
  const store =
    data === undefined ? await openMemoryStore() : await openLevelStore({ folder: data, onFailure: report });
  const app = await startApp(config, {
    store: jamming(store, jammed),
    bus: new MemoryHub().attach(),
    search: new MemoryIndex(),
    clock,
    random: chance,
    hash: sha256,
    passwords: new OncePasswords(),
    media: data === undefined ? memoryMedia() : await diskMedia({ folder: join(data, 'media') }),
    // What is drawn here is no danger, and a busy machine takes its time.
    pictures: sharpPictures({ timeoutMs: 120_000 }),
    push: openWebPush({ keys: makeVapidKeys(), subject: 'mailto:nobody@parley.invalid' }),
    web: { answer: (path) => door?.(path) ?? pages.answer(path) },
    report,
  });
  return {
    url: `http://127.0.0.1:${app.port}`,
    clock,
    chance,
    jam: (conversation) => void jammed.add(`c/${conversation}`),
    stop: () => app.stop(),
  };
}

function report(error: unknown): string {
  console.error(error);
  return systemRandom.id().slice(0, 8);
}

function jamming(store: Store, jammed: ReadonlySet<LogId>): Store {
  const append: Store['append'] = async (log, expectLast, rows) => {
    if (jammed.has(log)) throw new Unavailable('This conversation is jammed.', 'no_quorum');
    return store.append(log, expectLast, rows);
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'append') return append;
      const value = target[name as keyof Store];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** All people of a sample have one password: it is hashed once, and seen to be right once. */
class OncePasswords extends ArgonPasswords {
  readonly #hashes = new Map<string, Promise<string>>();
  readonly #seen = new Map<string, Promise<boolean>>();

  override hash(password: string): Promise<string> {
    const known = this.#hashes.get(password) ?? super.hash(password);
    this.#hashes.set(password, known);
    return known;
  }

  override async verify(password: string, hash: string | null): Promise<boolean> {
    if (hash === null || (await this.#hashes.get(password)) !== hash) return super.verify(password, hash);
    const known = this.#seen.get(hash) ?? super.verify(password, hash);
    this.#seen.set(hash, known);
    return known;
  }
}
