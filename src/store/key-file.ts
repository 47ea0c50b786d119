/** The keys beside the engine, in one small file that is written anew as a whole: a destroyed key is in no byte of it. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { KeyFile } from './keyring.ts';
import { Corrupt } from './store.ts';

export const KEY_FILE = 'keys.json';

export function openKeyFile(path: string): KeyFile {
  return { load: () => load(path), save: (keys) => save(path, keys) };
}

function load(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    throw new Corrupt(`${path} is damaged. Move it away: what was meant to go by itself is then gone already.`);
  }
}

function save(path: string, keys: Readonly<Record<string, string>>): void {
  const next = `${path}.next`;
  flushed(next, (file) => writeSync(file, JSON.stringify(keys)));
  renameSync(next, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function flushed(path: string, write: (file: number) => void): void {
  const file = openSync(path, 'w', 0o600);
  try {
    write(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
