/** What the server says when it has started: where it is, and what to do next. */
import { networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import type { Config } from './config.ts';

export interface Started {
  readonly config: Pick<Config, 'host' | 'url' | 'lan'>;
  readonly folder: string;
  readonly port: number;
  /** The code of the set-up link; null once somebody owns the server. */
  readonly setUp: string | null;
}

export interface LanAddress {
  readonly address: string;
  readonly name: string;
}

/** Of this machine, as others in its networks reach it. */
export function lanAddresses(): LanAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
      .map(({ address }) => ({ address, name })),
  );
}

/** Where they reach it by the first of them; null in no network. */
export function lanOrigin(port: number): string | null {
  const [first] = lanAddresses();
  return first ? `http://${first.address}:${port}` : null;
}

export function greeting({ config, folder, port, setUp }: Started, lan: readonly LanAddress[]): string {
  const { host, url } = config;
  const own = config.lan ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const address = url?.origin ?? `http://${own}:${port}`;
  const lines = [`Parley is at ${address} (data: ${folder})`];
  if (setUp !== null) {
    lines.push(`Set it up at ${address}/setup/${setUp} (the account made with it becomes the owner)`);
  }
  if (config.lan) lines.push(...inNetwork(lan, port, setUp));
  else if (setUp !== null && url === null) lines.push('Other devices: npm start -- --lan');
  return lines.join('\n');
}

function inNetwork(lan: readonly LanAddress[], port: number, setUp: string | null): string[] {
  const [first] = lan;
  if (!first) return ['This machine is in no network, so other devices cannot reach it.'];
  const page = setUp === null ? '' : `/setup/${setUp}`;
  const all = lan.map(({ address, name }) => `Other devices: http://${address}:${port} (${name})`);
  return [...all, renderUnicodeCompact(`http://${first.address}:${port}${page}`)];
}
