import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openStore } from './adapter.ts';
import type { KeyValue, Operation } from './keyvalue.ts';
import { type Store, Unavailable } from './store.ts';

export interface LevelOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** Bytes free on the folder's disk; the real ones unless a test says otherwise. */
  readonly freeBytes?: () => Promise<number>;
  /** A write has failed: nothing more is written, and the process should end and start anew. */
  readonly onFailure?: (error: unknown) => void;
}

/** The folder cannot be used; the message says why and what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/** Below this much free space writes are refused and reads go on. */
export const RESERVE_BYTES = 256 * 1024 * 1024;
const FREE_CHECKED_MS = 1_000;

export async function openLevelStore(options: LevelOptions): Promise<Store> {
  const { folder } = options;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new FolderError(`The data folder ${folder} cannot be made (${codeOf(error)}). Choose another with --data.`);
  }
  const db = new ClassicLevel<Uint8Array, Uint8Array>(join(folder, 'store'), {
    keyEncoding: 'view',
    valueEncoding: 'view',
    writeBufferSize: 32 * 1024 * 1024,
    cacheSize: 64 * 1024 * 1024,
  });
  try {
    await db.open();
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    if (codeOf(cause) === 'LEVEL_LOCKED') {
      throw new FolderError(`Another Parley uses the data folder ${folder}. Stop it, or choose another with --data.`);
    }
    throw new FolderError(`The data folder ${folder} cannot be opened: ${String(cause)}`);
  }
  const counter = new CommitCounter(join(folder, 'commits'));
  try {
    return await openStore(new LevelKeyValue(db, counter), {
      lastCommit: counter.read(),
      admit: spaceGuard(options.freeBytes ?? (() => freeBytes(folder))),
      ...(options.onFailure ? { onFailure: options.onFailure } : {}),
    });
  } catch (error) {
    await db.close();
    throw error;
  }
}

class LevelKeyValue implements KeyValue {
  readonly #db: ClassicLevel<Uint8Array, Uint8Array>;
  readonly #counter: CommitCounter;

  constructor(db: ClassicLevel<Uint8Array, Uint8Array>, counter: CommitCounter) {
    this.#db = db;
    this.#counter = counter;
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#db.get(key);
  }

  async batch(operations: readonly Operation[]): Promise<void> {
    await this.#db.batch(operations as Operation[], { sync: true });
    this.#counter.more();
  }

  async range(from: Uint8Array, to: Uint8Array, limit: number, reverse = false): Promise<[Uint8Array, Uint8Array][]> {
    return this.#db.iterator({ gte: from, lt: to, limit, reverse }).all();
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
    this.#count++;
    this.#bytes.setBigUint64(0, BigInt(this.#count));
    writeSync(this.#file, this.#bytes, 0, 8, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function spaceGuard(free: () => Promise<number>): () => Promise<Unavailable | null> {
  let checkedAt = Number.NEGATIVE_INFINITY;
  let refused: Unavailable | null = null;
  return async () => {
    const now = performance.now();
    if (refused === null && now - checkedAt < FREE_CHECKED_MS) return null;
    checkedAt = now;
    const full = (await free()) < RESERVE_BYTES;
    refused = full ? new Unavailable('Less than 256 MB are free on the disk of the data folder.', 'full') : null;
    return refused;
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? String(error);
}
