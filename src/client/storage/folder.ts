/** Contents of files in a folder, each a file of its key's name, there whole or not at all. */
import { openAsBlob } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Blobs } from './storage.ts';

const NEW = '.new';

/** The folder is made with the first file. */
export function folderBlobs(folder: string): Blobs {
  return {
    async put(key, content) {
      const path = join(folder, key);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rm(path + NEW, { force: true });
      const file = await open(path + NEW, 'a', 0o600);
      try {
        for await (const piece of content.stream()) await file.appendFile(piece);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(path + NEW, path);
      await syncFolder(folder);
      await syncFolder(dirname(folder));
    },
    async get(key) {
      const path = join(folder, key);
      return (await stat(path).catch(() => null)) && openAsBlob(path);
    },
    async keys() {
      const names = await readdir(folder).catch((error: { code?: string }) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      return names.map((name) => (name.endsWith(NEW) ? name.slice(0, -NEW.length) : name));
    },
    async delete(key) {
      await rm(join(folder, key), { force: true });
      await rm(join(folder, key + NEW), { force: true });
    },
  };
}

/** Without it a crash may bring back the old file, and with it what was since overwritten. */
export async function syncFolder(path: string): Promise<void> {
  // Not every system opens folders.
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
