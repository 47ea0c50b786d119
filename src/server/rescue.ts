/**
 * A sign-in link from whoever runs the machine, for whom nobody else can help: the owner above all. A running server is
 * asked with a secret that only its own user can read; else the store is opened.
 */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldCase } from '../core/text.ts';
import type { Store } from '../store/store.ts';
import { makeSignInLink } from './administration.ts';
import { ConfigError } from './config.ts';
import { Links } from './links.ts';
import { foldName } from './names.ts';
import { sha256, systemClock, systemRandom } from './system.ts';

interface Door {
  /** Where it answers on this machine, and where people reach it. */
  readonly url: string;
  readonly address: string;
  readonly secret: string;
}

const FILE = 'rescue';
const ANSWER_MS = 10_000;

/** Says in the folder where the running server is asked; only the same user reads it. */
export async function openDoor(folder: string, door: Door): Promise<void> {
  await rm(join(folder, FILE), { force: true });
  await writeFile(join(folder, FILE), JSON.stringify(door), { mode: 0o600 });
}

export async function closeDoor(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

/**
 * A sign-in link for the account of this name, at the address of the running server. When none runs on the folder `open`
 * is called, and the link is at `address`.
 */
export async function rescue(
  folder: string,
  name: string,
  address: string,
  open: () => Promise<Store>,
): Promise<string> {
  if (!existsSync(join(folder, 'store'))) {
    throw new ConfigError(`There is no Parley in ${folder}. Name its folder with --data.`);
  }
  const running = await askRunning(folder, name);
  if (running !== null) return running;
  const store = await open();
  try {
    return linkAt(address, await rescueIn(store, name));
  } finally {
    await store.close();
  }
}

async function askRunning(folder: string, name: string): Promise<string | null> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  const { url, address, secret } = JSON.parse(text) as Door;
  const answer = await fetch(`${url}/api/rescue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, name }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => null);
  if (answer === null) return null;
  const body = (await answer.json().catch(() => ({}))) as { code?: string; error?: { code: string } };
  if (body.code) return linkAt(address, body.code);
  if (body.error?.code === 'not_found') throw nobody(name);
  if (body.error?.code === 'deactivated') throw deactivated(name);
  // Something else answers there now.
  return null;
}

async function rescueIn(store: Store, name: string): Promise<string> {
  const user = (await store.getRecord('names', foldName(name)))?.value;
  const record = user === undefined ? null : await store.getRecord('accounts', user);
  const account = record && (JSON.parse(record.value) as { name: string; guest?: true; deactivated?: true });
  if (!user || !account || account.guest || foldCase(account.name) !== foldCase(name)) throw nobody(name);
  if (account.deactivated) throw deactivated(name);
  const links = new Links({ store, clock: systemClock, random: systemRandom, hash: sha256 });
  return (await makeSignInLink({ clock: systemClock }, links, user, null)).code;
}

function linkAt(address: string, code: string): string {
  return `${address}/enter/${code}`;
}

function nobody(name: string): ConfigError {
  return new ConfigError(`Nobody is called ${name} here.`);
}

function deactivated(name: string): ConfigError {
  return new ConfigError(`${name} is deactivated. The owner of the server can change that, under Settings.`);
}
