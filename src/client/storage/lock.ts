/** A file is written by one process at a time: the lock beside it names which. */
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { kill, pid } from 'node:process';

/** Another process, or another messenger of this one, has the file open. */
export class FileInUse extends Error {
  override readonly name = 'FileInUse';
  /** Of the process that has it. */
  readonly holder: number;
  constructor(path: string, holder: number) {
    super(`${path} is in use by process ${holder}. End it, or choose another file.`);
    this.holder = holder;
  }
}

const held = new Set<string>();

/** Resolves with how to let go. A lock whose process is gone, or was this one in an earlier life, is taken over. */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `${resolve(path)}.lock`;
  if (held.has(lock)) throw new FileInUse(path, pid);
  held.add(lock);
  const own = `${lock}.${pid}`;
  try {
    await writeFile(own, `${pid}\n`, { mode: 0o600 });
    // A link appears with its content, or not at all.
    while (!(await appears(own, lock))) {
      const holder = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10);
      if (holder !== pid && isAlive(holder)) throw new FileInUse(path, holder);
      await rm(lock, { force: true });
    }
  } catch (error) {
    held.delete(lock);
    throw error;
  } finally {
    await rm(own, { force: true });
  }
  return async () => {
    await rm(lock, { force: true });
    held.delete(lock);
  };
}

async function appears(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(holder: number): boolean {
  if (!(holder > 0)) return false;
  try {
    kill(holder, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
