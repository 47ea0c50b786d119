/** Objects as files. What is being written lies in `incoming`, and moves to its place once it is on disk. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { MEDIA_KEY, type Media, MediaUnavailable } from './media.ts';

export interface DiskOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** Bytes free on the folder's disk; the real ones unless a test says otherwise. */
  readonly freeBytes?: () => Promise<number>;
}

/** With less free space than this, and what is to come, nothing is taken: the store needs room, too. */
const RESERVE_BYTES = 512 * 1024 * 1024;
const INCOMING = 'incoming';
const PIECE_BYTES = 256 * 1024;

export async function diskMedia({ folder, freeBytes = () => freeBytesOf(folder) }: DiskOptions): Promise<Media> {
  // What an earlier run did not finish was promised to nobody.
  await rm(join(folder, INCOMING), { recursive: true, force: true });
  await mkdir(join(folder, INCOMING), { recursive: true, mode: 0o700 });

  /** Moves or links it there, and makes that durable. */
  const place = async (key: string, move: (path: string) => Promise<void>): Promise<void> => {
    const path = pathOf(folder, key);
    // A folder that has become empty may be taken away between being made and being used.
    for (let tries = 0; ; tries++) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await move(path);
        break;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || tries === 3) throw error;
      }
    }
    for (let above = dirname(path); above.length >= folder.length; above = dirname(above)) await syncFolder(above);
  };

  return {
    async put(key, content, bytes) {
      const path = pathOf(folder, key);
      if ((await freeBytes()) < RESERVE_BYTES + bytes) throw new MediaUnavailable('The disk is full.', 'full');
      const incoming = join(folder, INCOMING, randomUUID());
      try {
        const file = await open(incoming, 'wx', 0o600);
        try {
          await writeAll(file, content, bytes, path);
          await file.sync();
        } finally {
          await file.close();
        }
        await place(key, (to) => rename(incoming, to));
      } catch (error) {
        await rm(incoming, { force: true });
        throw refusalOf(error);
      }
    },
    async size(key) {
      try {
        return (await stat(pathOf(folder, key))).size;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw refusalOf(error);
      }
    },
    async read(key, from = 0, to) {
      try {
        const file = await open(pathOf(folder, key), 'r');
        return streamOf(file, from, to ?? Number.POSITIVE_INFINITY);
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw refusalOf(error);
      }
    },
    async copy(from, to) {
      const source = pathOf(folder, from);
      try {
        await place(to, async (path) => {
          await rm(path, { force: true });
          await link(source, path);
        });
        return true;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return false;
        throw refusalOf(error);
      }
    },
    async delete(key) {
      const path = pathOf(folder, key);
      try {
        await rm(path, { force: true });
        for (let above = dirname(path); above.length > folder.length; above = dirname(above)) await rmdir(above);
      } catch (error) {
        if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].includes(codeOf(error))) throw refusalOf(error);
      }
    },
    async list(prefix, after, limit) {
      const root = pathOf(folder, prefix);
      const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw refusalOf(error);
      });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(folder.length + 1)
            .split(sep)
            .join('/'),
        )
        .filter((key) => key > after)
        .sort()
        .slice(0, limit);
    },
  };
}

function pathOf(folder: string, key: string): string {
  if (!MEDIA_KEY.test(key)) throw new Error(`No key: ${key}`);
  return join(folder, ...key.split('/'));
}

async function writeAll(
  file: FileHandle,
  content: AsyncIterable<Uint8Array> | Uint8Array,
  bytes: number,
  path: string,
): Promise<void> {
  let written = 0;
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    written += piece.length;
    if (written > bytes) break;
    await file.appendFile(piece);
  }
  if (written !== bytes) throw new Error(`${path}: other than ${bytes} bytes came.`);
}

function streamOf(file: FileHandle, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const wanted = Math.min(PIECE_BYTES, to - at);
        const piece = new Uint8Array(Math.max(0, wanted));
        const { bytesRead } = wanted > 0 ? await file.read(piece, 0, wanted, at) : { bytesRead: 0 };
        at += bytesRead;
        if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
        if (bytesRead > 0 && at < to) return;
        await file.close();
        controller.close();
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  );
}

/** Not every system opens folders. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? '';
}

/** What the file system says no to; anything else is a bug, and stays one. */
function refusalOf(error: unknown): unknown {
  if (error instanceof MediaUnavailable || codeOf(error) === '') return error;
  const full = ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
  return new MediaUnavailable(`The media folder: ${(error as Error).message}`, full ? 'full' : 'failed', error);
}
