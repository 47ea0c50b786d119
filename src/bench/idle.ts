/**
 * What a signed-in connection costs that only pings. Tokens are made first, 20 devices an account: each costs a
 * password hash, and 10,000 accounts would only make the bench wait longer. Connections know nothing of each other.
 */
import type { Report } from './figures.ts';
import { echoServer, open } from './floors.ts';
import { cpuSeconds, type Host, residentBytes } from './host.ts';
import { inParallel, signIn, signUp, Wire } from './wire.ts';

const DEVICES_EACH = 20;
const WARM_UP = 200;
const HASHES_AT_ONCE = 4;
const LOGINS_AT_ONCE = 64;

export async function idle(host: Host, count: number, restMs: number, report: Report): Promise<void> {
  const numbers = (length: number) => Array.from({ length }, (_, i) => i);
  const accounts = await inParallel(numbers(Math.ceil((count + WARM_UP) / DEVICES_EACH)), HASHES_AT_ONCE, (i) =>
    signUp(host.url, `idle${i}`),
  );
  const tokens = await inParallel(numbers(count + WARM_UP), HASHES_AT_ONCE, async (i) => {
    const account = accounts[Math.floor(i / DEVICES_EACH)]!;
    return i % DEVICES_EACH === 0 ? account.token : (await signIn(host.url, account)).token;
  });

  const signInAll = (some: readonly string[]) =>
    inParallel(some, LOGINS_AT_ONCE, (token) => Wire.connect(host.url, token));
  const warm = await signInAll(tokens.slice(0, WARM_UP));
  await Bun.sleep(restMs / 4);
  const before = residentBytes(host.pid);
  const cpuBefore = cpuSeconds(host.pid);
  const began = performance.now();
  const wires = await signInAll(tokens.slice(WARM_UP));
  const seconds = (performance.now() - began) / 1_000;
  const cpu = cpuSeconds(host.pid) - cpuBefore;
  await Bun.sleep(restMs);
  const bytes = residentBytes(host.pid) - before;
  let closed = 0;
  for (const wire of wires) if (!wire.isOpen) closed++;
  for (const wire of [...warm, ...wires]) wire.close();

  const floor = await bareConnections(count, restMs / 4);
  const add = (metric: string, value: number, unit: string, serverCpuSeconds = cpu) =>
    report({ workload: 'idle', metric, value, unit, serverCpuSeconds, connections: count, accounts: accounts.length });
  add('memory', bytes / 1024 / count, 'KiB/connection');
  add('resident before', before / 1024 / 1024, 'MiB');
  add('sign-in rate', count / seconds, 'sign-ins/s');
  add('sign-in cpu', (cpu * 1e6) / count, 'µs/sign-in');
  add('closed', closed, 'connections');
  add('floor memory', floor / 1024 / count, 'KiB/connection', 0);
}

async function bareConnections(count: number, restMs: number): Promise<number> {
  const host = await echoServer();
  const numbers = Array.from({ length: count }, (_, i) => i);
  const warm = await inParallel(numbers.slice(0, WARM_UP), LOGINS_AT_ONCE, () => open(host.url));
  await Bun.sleep(restMs);
  const before = residentBytes(host.pid);
  const sockets = await inParallel(numbers, LOGINS_AT_ONCE, () => open(host.url));
  await Bun.sleep(restMs);
  const bytes = residentBytes(host.pid) - before;
  for (const socket of [...warm, ...sockets]) socket.close();
  await host.kill('SIGTERM');
  return bytes;
}
