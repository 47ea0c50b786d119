/** What whoever runs the server may choose, from flags and the environment; flags win. */
import { parseArgs } from 'node:util';
import type { Join } from '../protocol/community.ts';
import { DEFAULT_LIMITS, type Limits } from '../protocol/limits.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  /** Where people reach the server, when something stands before it: scheme, host and port only. */
  readonly url: URL | null;
  /** Where files are fetched from when that is somewhere else, as a CDN: addresses are then the same for all who may see them. */
  readonly mediaUrl: URL | null;
  readonly limits: Limits;
  /** Who may join a server on which nobody has set it. */
  readonly join: Join;
  /** Whether devices that are away are notified, or it is only said in the log what they would be told. */
  readonly push: 'on' | 'off' | 'print';
  /** Every interface, for the devices of the local network. */
  readonly lan: boolean;
  /** Nothing is served; the account of this name gets a sign-in link. */
  readonly reset: string | null;
  /** Nothing is served; the search index is made anew. */
  readonly reindex: boolean;
  /** Also a page of every part of the web app in every state, for whoever works on it. */
  readonly parts: boolean;
}

/** Something that whoever runs the server must change; told in one sentence. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** `EX_CONFIG` of sysexits. */
export const EXIT_CONFIG = 78;

export const HELP = `Parley, a messenger that people run themselves.

  npm start -- [--port 7275] [--host 127.0.0.1] [--data ./data]

  --port, PORT         the port of the web app, the API and the socket; 0 takes a free one
  --lan                for other devices in the network: every address, shown with a code to scan
  --host, HOST         the address to listen on; 0.0.0.0 is every address
  --data, PARLEY_DATA  the folder that holds everything
  PARLEY_URL           where people reach the server when a proxy stands before it, as https://chat.example.org
  PARLEY_MEDIA_URL     where files are fetched from when a CDN stands before the server, as https://media.example.org
  PARLEY_JOIN          who may join until that is set on the server itself: invited (as usual) or anyone
  PARLEY_PUSH          notifications: on (as usual), off, or print: to the log only, for whoever works on it
  PARLEY_LIMITS        limits other than the usual ones, as JSON
  --reset NAME         makes a sign-in link for somebody who forgot the password, and ends
  --reindex            makes the search index anew from what is stored, and ends
  --parts              serves /parts, too: each part of the web app in each state, for whoever works on it
  --help, --version`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  lan: { type: 'boolean' },
  reset: { type: 'string' },
  reindex: { type: 'boolean' },
  parts: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config | 'help' | 'version' {
  const flags = readFlags(args);
  if (flags.help) return 'help';
  if (flags.version) return 'version';
  const port = flags.port ?? given(env['PORT']) ?? '7275';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new ConfigError(`The port must be a number from 0 to 65535, not "${port}".`);
  }
  const lan = flags.lan ?? false;
  if (lan && flags.host !== undefined) throw new ConfigError('--lan takes every address. Leave --host out.');
  const host = lan ? '0.0.0.0' : (flags.host ?? given(env['HOST']) ?? '127.0.0.1');
  const data = flags.data ?? given(env['PARLEY_DATA']) ?? './data';
  if (host === '' || data === '') throw new ConfigError('--host and --data need a value.');
  const join = given(env['PARLEY_JOIN']) ?? 'invited';
  if (join !== 'invited' && join !== 'anyone') throw new ConfigError('PARLEY_JOIN is invited or anyone.');
  const push = given(env['PARLEY_PUSH']) ?? 'on';
  if (push !== 'on' && push !== 'off' && push !== 'print') throw new ConfigError('PARLEY_PUSH is on, off or print.');
  return {
    port: Number(port),
    host,
    data,
    url: readUrl('PARLEY_URL', 'chat', env),
    mediaUrl: readUrl('PARLEY_MEDIA_URL', 'media', env),
    limits: readLimits(given(env['PARLEY_LIMITS'])),
    join,
    push,
    lan,
    reset: flags.reset ?? null,
    reindex: flags.reindex ?? false,
    parts: flags.parts ?? false,
  };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    const [said = ''] = (error as Error).message.split(/\n|\. /);
    throw new ConfigError(`${said.replace(/\.$/, '')}. See --help.`);
  }
}

/** What is set to nothing is not set. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function readUrl(name: string, host: string, env: Readonly<Record<string, string | undefined>>): URL | null {
  const text = given(env[name]);
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new ConfigError(`${name} must look like https://${host}.example.org, not "${text}".`);
  }
  return url;
}

function readLimits(text: string | undefined): Limits {
  if (text === undefined) return DEFAULT_LIMITS;
  let chosen: unknown;
  try {
    chosen = JSON.parse(text);
  } catch {
    throw new ConfigError('PARLEY_LIMITS is not JSON.');
  }
  if (typeof chosen !== 'object' || chosen === null || Array.isArray(chosen)) {
    throw new ConfigError('PARLEY_LIMITS must be a JSON object.');
  }
  for (const [name, value] of Object.entries(chosen)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) throw new ConfigError(`PARLEY_LIMITS: there is no limit "${name}".`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new ConfigError(`PARLEY_LIMITS: "${name}" must be a whole number above 0.`);
    }
  }
  return { ...DEFAULT_LIMITS, ...chosen };
}
