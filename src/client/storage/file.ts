/**
 * One file of JSON lines, each a batch of writes as `[[key, value] | [key], …]`, synced before `write` returns. What
 * it says is held in memory. It is rewritten without what was overwritten when it is opened, when it has outgrown that, and
 * soon after anything was deleted, as words that are to go are. Contents of files are files of their own, in a folder beside it.
 */
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { folderBlobs, syncFolder } from './folder.ts';
import { lockFile } from './lock.ts';
import { memoryStorage } from './memory.ts';
import type { Storage, Write } from './storage.ts';

export { FileInUse } from './lock.ts';

type Line = readonly ([key: string, value: unknown] | [key: string])[];

const PUTS_A_LINE = 100;
/** Of the time that a rewriting takes, so many times that is waited for until the next one. */
const REST = 200;

export interface FileOptions {
  /** The file is rewritten once it is larger than twice what it then held, and this. 4 MB when it is left out. */
  readonly slackBytes?: number;
  /** What was deleted is in no byte of it so many milliseconds later, longer where it is very large. 2,000 when it is left out. */
  readonly erasedMs?: number;
}

/**
 * Makes the file, and its folder, where there is none. Rejects with `FileInUse` while another process, or another
 * storage of this one, has it open; and with the number of the line when the file is damaged elsewhere than at its end.
 */
export async function fileStorage(
  path: string,
  { slackBytes = 4_000_000, erasedMs = 2_000 }: FileOptions = {},
): Promise<Storage> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const unlock = await lockFile(path);
  try {
    const memory = memoryStorage();
    for (const writes of await readJournal(path)) await memory.write(writes);
    const journal = await Journal.begin(path, memory, slackBytes);
    return { ...journalled(journal, memory, erasedMs, unlock), blobs: folderBlobs(`${path}.files`) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

function journalled(
  journal: Journal,
  memory: Storage,
  erasedMs: number,
  unlock: () => Promise<void>,
): Omit<Storage, 'blobs'> {
  let last: Promise<unknown> = Promise.resolve();
  let due: ReturnType<typeof setTimeout> | null = null;
  let restMs = 0;
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run);
    last = turn.catch(() => {});
    return turn;
  };
  const erase = async () => {
    if (due === null) return;
    clearTimeout(due);
    due = null;
    const before = performance.now();
    await journal.rewrite(memory);
    restMs = REST * (performance.now() - before);
  };
  return {
    get: (key) => memory.get(key),
    range: (from, to, limit, reverse) => memory.range(from, to, limit, reverse),
    write: (writes, guard) =>
      inTurn(async () => {
        if (guard !== undefined && (await memory.get('writer')) !== guard) return false;
        await journal.append(toLine(writes));
        await memory.write(writes);
        await journal.shorten(memory);
        if (writes.some(({ kind }) => kind === 'delete')) {
          due ??= setTimeout(() => void inTurn(erase), Math.max(erasedMs, restMs));
          // Whoever ends without closing has it done by the next opening.
          due.unref();
        }
        return true;
      }),
    close: () =>
      inTurn(async () => {
        await erase();
        await journal.close();
        await unlock();
      }),
  };
}

class Journal {
  readonly #path: string;
  readonly #slackBytes: number;
  #file: FileHandle;
  #size: number;
  /** Larger than this, it is rewritten. */
  #most: number;
  /** The end of the file may be a part of a line. */
  #torn = false;

  private constructor(path: string, slackBytes: number, fresh: Fresh) {
    this.#path = path;
    this.#slackBytes = slackBytes;
    this.#file = fresh.file;
    this.#size = fresh.size;
    this.#most = 2 * fresh.size + slackBytes;
  }

  static async begin(path: string, memory: Storage, slackBytes: number): Promise<Journal> {
    return new Journal(path, slackBytes, await rewrite(path, memory));
  }

  async append(line: Uint8Array): Promise<void> {
    if (this.#torn) await this.#file.truncate(this.#size);
    this.#torn = true;
    await this.#file.appendFile(line);
    await this.#file.datasync();
    this.#torn = false;
    this.#size += line.length;
  }

  async shorten(memory: Storage): Promise<void> {
    if (this.#size <= this.#most) return;
    this.#most = 2 * this.#size;
    await this.rewrite(memory);
  }

  async rewrite(memory: Storage): Promise<void> {
    // Without room for a second file this one goes on.
    const fresh = await rewrite(this.#path, memory).catch(() => null);
    if (!fresh) return;
    await this.#file.close();
    this.#file = fresh.file;
    this.#size = fresh.size;
    this.#most = 2 * fresh.size + this.#slackBytes;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

interface Fresh {
  readonly file: FileHandle;
  readonly size: number;
}

/** Puts a file of only what is held in the place of the old one. */
async function rewrite(path: string, memory: Storage): Promise<Fresh> {
  const rows = await memory.range('', '\uffff', Number.MAX_SAFE_INTEGER);
  await rm(`${path}.new`, { force: true });
  const file = await open(`${path}.new`, 'a', 0o600);
  let size = 0;
  try {
    for (let i = 0; i < rows.length; i += PUTS_A_LINE) {
      const puts = rows.slice(i, i + PUTS_A_LINE).map(({ key, value }): Write => ({ kind: 'put', key, value }));
      const line = toLine(puts);
      await file.appendFile(line);
      size += line.length;
    }
    await file.sync();
    await rename(`${path}.new`, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await file.close();
    throw error;
  }
  return { file, size };
}

function toLine(writes: readonly Write[]): Uint8Array {
  const line: Line = writes.map((write) => (write.kind === 'put' ? [write.key, write.value] : [write.key]));
  return new TextEncoder().encode(`${JSON.stringify(line)}\n`);
}

/** A last line that was cut short by a crash was never promised to anybody. */
async function readJournal(path: string): Promise<Write[][]> {
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  const torn = lines.pop();
  if (torn) lines.push(torn);
  return lines.flatMap((line, i) => {
    try {
      const parsed = JSON.parse(line) as Line;
      return [
        parsed.map(
          ([key, ...rest]): Write => (rest.length > 0 ? { kind: 'put', key, value: rest[0] } : { kind: 'delete', key }),
        ),
      ];
    } catch (error) {
      if (i === lines.length - 1) return [];
      throw new Error(`${path} is damaged at line ${i + 1}.`, { cause: error });
    }
  });
}
