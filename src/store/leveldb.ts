import { closeSync, mkdirSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openStore } from './adapter.ts';
import { lastCommit } from './group-commit.ts';
import { KEY_FILE, openKeyFile } from './key-file.ts';
import { Keyring } from './keyring.ts';
import type { KeyValue, Operation } from './keyvalue.ts';
import { ReopeningStore } from './reopening.ts';
import { Corrupt, type Store, Unavailable } from './store.ts';

export interface LevelOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** Bytes free on the folder's disk; the real ones unless a test says otherwise. */
  readonly freeBytes?: () => Promise<number>;
  /** True unless a test looks for words in the files: there a word may stand in pieces. */
  readonly compression?: boolean;
  /** A write has failed. It is opened again, but after the last failure the process should end. */
  readonly onFailure?: (error: unknown, isLast: boolean) => void;
}

/** The folder cannot be used; the message says why and what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/** Below this much free space writes are refused and reads go on. */
export const RESERVE_BYTES = 256 * 1024 * 1024;
const FREE_CHECKED_MS = 1_000;

export async function openLevelStore(options: LevelOptions): Promise<ReopeningStore> {
  const { folder, freeBytes = () => freeBytesOf(folder), compression = true, onFailure = () => {} } = options;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new FolderError(`The data folder ${folder} cannot be made (${codeOf(error)}). Choose another with --data.`);
  }
  return ReopeningStore.open((failed) => openOnce(folder, { freeBytes, compression }, failed), onFailure);
}

async function openOnce(
  folder: string,
  { freeBytes, compression }: Required<Pick<LevelOptions, 'freeBytes' | 'compression'>>,
  onFailure: (error: unknown) => void,
): Promise<Store> {
  const db = await openLevel(folder, compression);
  let counter: CommitCounter | null = null;
  try {
    counter = openCounter(folder);
    const keyvalue = new LevelKeyValue(db, counter);
    const admit = spaceGuard(freeBytes);
    const keyring = new Keyring(openKeyFile(join(folder, KEY_FILE)));
    const store = await openStore(keyvalue, { lastCommit: counter.read(), admit, onFailure, keyring });
    // A process that was killed may have counted one less than there are.
    counter.set(await lastCommit(keyvalue));
    return store;
  } catch (error) {
    await db.close();
    counter?.close();
    throw error;
  }
}

async function openLevel(folder: string, compression: boolean): Promise<ClassicLevel<Buffer, Buffer>> {
  const db = new ClassicLevel<Buffer, Buffer>(join(folder, 'store'), {
    // What is a Buffer already goes to the engine as it is.
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    compression,
    writeBufferSize: 32 * 1024 * 1024,
    cacheSize: 64 * 1024 * 1024,
  });
  try {
    await db.open();
    return db;
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    const code = codeOf(cause);
    if (code === 'LEVEL_LOCKED') {
      throw new FolderError(`Another Parley uses the data folder ${folder}. Stop it, or choose another with --data.`);
    }
    if (code === 'LEVEL_CORRUPTION') sayDamaged(cause);
    const remedy = /No space left/.test(textOf(cause))
      ? 'Make room on its disk'
      : 'Give it to the user that runs Parley';
    throw new FolderError(
      `The data folder ${folder} cannot be opened (${textOf(cause)}). ${remedy}, or choose another with --data.`,
    );
  }
}

function openCounter(folder: string): CommitCounter {
  try {
    return new CommitCounter(join(folder, 'commits'));
  } catch (error) {
    throw new FolderError(
      `The data folder ${folder} cannot be written (${codeOf(error)}). Give it to the user that runs Parley, or choose another with --data.`,
    );
  }
}

/** How often the engine is made to look for tables that it uses no more; each takes some milliseconds. */
const LOOKS_MAX = 50;

class LevelKeyValue implements KeyValue {
  readonly #db: ClassicLevel<Buffer, Buffer>;
  readonly #counter: CommitCounter;
  /** What is being read: it holds the tables that it began with. */
  readonly #reading = new Set<Promise<unknown>>();

  constructor(db: ClassicLevel<Buffer, Buffer>, counter: CommitCounter) {
    this.#db = db;
    this.#counter = counter;
  }

  get(key: Buffer): Promise<Buffer | undefined> {
    return this.#read(this.#db.get(key));
  }

  async batch(operations: readonly Operation[]): Promise<void> {
    await this.#db.batch(operations as Operation[], { sync: true });
    this.#counter.more();
  }

  async range(from: Buffer, to: Buffer, limit: number, reverse = false): Promise<[Buffer, Buffer][]> {
    return this.#read(this.#db.iterator({ gte: from, lt: to, limit, reverse }).all());
  }

  async #read<T>(reading: Promise<T>): Promise<T> {
    this.#reading.add(reading);
    try {
      return await reading;
    } catch (error) {
      return sayDamaged(error);
    } finally {
      this.#reading.delete(reading);
    }
  }

  /**
   * The engine writes a table as it finds the entries in memory, the overwritten ones with them, and leaves the lowest
   * table of a range as it is. So what is in memory goes to a table first; then one that lies over the whole range is
   * merged down through all that are below it. A table from which somebody reads stays until the next time that the
   * engine looks, so it is made to look once those are done, until no table is left that is in use no more.
   */
  async compact(ranges: readonly (readonly [from: Buffer, to: Buffer])[]): Promise<void> {
    const [first] = ranges;
    if (!first) return;
    await this.#db.compactRange(...first);
    for (const range of ranges) {
      await this.#cover(range[0]);
      await this.#db.compactRange(...range);
    }
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      await Promise.allSettled(this.#reading);
      await this.#cover(first[0]);
      await this.#db.compactRange(...first);
      if (!this.#keepsOldTables()) return;
    }
    throw new Unavailable('The engine still keeps tables that it does not use.');
  }

  #keepsOldTables(): boolean {
    const inUse = new Set(
      [...this.#db.getProperty('leveldb.sstables').matchAll(/^ (\d+):/gm)].map(([, number]) => Number(number)),
    );
    return readdirSync(this.#db.location).some(
      (name) => /^\d+\.(ldb|sst)$/.test(name) && !inUse.has(Number.parseInt(name, 10)),
    );
  }

  /** Tombstones of what never was, below and above all keys that begin so. */
  async #cover(from: Buffer): Promise<void> {
    const ends = [from, Buffer.concat([from, Buffer.alloc(9, 0xff)])];
    await this.#db.batch(
      ends.map((key) => ({ type: 'del' as const, key })),
      { sync: true },
    );
  }

  async close(): Promise<void> {
    await this.#db.close();
    this.#counter.close();
  }
}

/**
 * How many commits there were, beside the engine. Written without a flush: it survives the process, not the machine,
 * and is never ahead of what the engine has flushed. An engine that comes back with fewer has lost the end of its log.
 */
class CommitCounter {
  readonly #file: number;
  readonly #bytes = new DataView(new ArrayBuffer(8));
  #count: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a+');
    closeSync(this.#file);
    this.#file = openSync(path, 'r+');
    this.#count = readSync(this.#file, this.#bytes, 0, 8, 0) === 8 ? Number(this.#bytes.getBigUint64(0)) : 0;
  }

  read(): number {
    return this.#count;
  }

  more(): void {
    this.set(this.#count + 1);
  }

  set(count: number): void {
    this.#count = count;
    this.#bytes.setBigUint64(0, BigInt(this.#count));
    writeSync(this.#file, this.#bytes, 0, 8, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function spaceGuard(freeBytes: () => Promise<number>): () => Promise<Unavailable | null> {
  let checkedAt = Number.NEGATIVE_INFINITY;
  let refused: Unavailable | null = null;
  return async () => {
    const now = performance.now();
    if (refused === null && now - checkedAt < FREE_CHECKED_MS) return null;
    checkedAt = now;
    try {
      const isFull = (await freeBytes()) < RESERVE_BYTES;
      refused = isFull ? new Unavailable('Less than 256 MB are free on the disk of the data folder.', 'full') : null;
    } catch (error) {
      refused = new Unavailable(`The data folder cannot be looked at (${codeOf(error)}).`, 'failed');
    }
    return refused;
  };
}

/** Whether the disk of the folder has more than the reserve. */
export async function hasRoom(folder: string): Promise<boolean> {
  try {
    return (await freeBytesOf(folder)) >= RESERVE_BYTES;
  } catch {
    return false;
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function sayDamaged(error: unknown): never {
  if (codeOf(error) !== 'LEVEL_CORRUPTION') throw error;
  throw new Corrupt(`The data folder is damaged (${textOf(error)}). Restore it from a backup.`);
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? String(error);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
