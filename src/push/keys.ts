/** The server's own keys for Web Push (VAPID), in a file of the data folder that its owner alone may read. */
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import webPush from 'web-push';

export interface VapidKeys {
  /** A point on P-256, uncompressed, as base64url. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/** The message says what to do. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

const FILE = 'push.json';

export const makeVapidKeys = (): VapidKeys => webPush.generateVAPIDKeys();

/** Made at the first start. All subscriptions are for these keys: with others every browser must subscribe anew. */
export function openVapidKeys(folder: string): VapidKeys {
  const path = join(folder, FILE);
  return read(path) ?? make(path);
}

function read(path: string): VapidKeys | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw new KeysError(`${path} cannot be read (${(error as { code?: string }).code ?? 'unknown'}).`);
  }
  const keys = parsed(text);
  if (keys) return keys;
  throw new KeysError(
    `${path} is damaged. Put it back from a back-up; or move it away, and people turn notifications on anew.`,
  );
}

function parsed(text: string): VapidKeys | null {
  try {
    const { publicKey, privateKey } = JSON.parse(text) as Partial<VapidKeys>;
    return lengthOf(publicKey) === 65 && lengthOf(privateKey) === 32 ? (JSON.parse(text) as VapidKeys) : null;
  } catch {
    return null;
  }
}

function lengthOf(key: string | undefined): number {
  return typeof key === 'string' ? Buffer.from(key, 'base64url').length : 0;
}

/** All of it or nothing, however the process ends. */
function make(path: string): VapidKeys {
  const keys = makeVapidKeys();
  const next = `${path}.next`;
  rmSync(next, { force: true });
  const file = openSync(next, 'wx', 0o600);
  try {
    writeSync(file, JSON.stringify(keys));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  linkSync(next, path);
  rmSync(next);
  return keys;
}
