/** What no server of this kind can be below: a bare echo over a socket, and a bare durable append. */
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { percentile } from './figures.ts';
import { cpuSeconds, freePort, startChild } from './host.ts';
import { TEXT } from './people.ts';
import { scratchFolder } from './scratch.ts';

export interface Pace {
  readonly warmUpMs: number;
  readonly measuredMs: number;
}

export interface Floor {
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Seconds of the measured time, and microseconds each. */
  readonly cpu: number;
  readonly cpuMicros: number;
}

const GROUP_COMMIT_MOST = 256;
/** About what a message is on the wire and in the store. */
const PAYLOAD = JSON.stringify({ text: TEXT, around: 'x'.repeat(150) });
/** Floors are steady: half of a workload's time is enough. */
const PART = 0.5;

export async function echoServer(): Promise<Awaited<ReturnType<typeof startChild>>> {
  const port = await freePort();
  return startChild([join(import.meta.dir, 'echo.ts'), String(port)], port, '/', {});
}

export async function echoFloor(connections: number, window: number, pace: Pace): Promise<Floor> {
  const host = await echoServer();
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(host.url)));
  let samples: number[] = [];
  let echoing = true;
  for (const socket of sockets) {
    const sentAt: number[] = [];
    const send = () => {
      sentAt.push(performance.now());
      socket.send(PAYLOAD);
    };
    socket.onmessage = () => {
      samples.push(performance.now() - sentAt.shift()!);
      if (echoing) send();
    };
    for (let i = 0; i < window; i++) send();
  }
  await Bun.sleep(pace.warmUpMs * PART);
  samples = [];
  const began = performance.now();
  const before = cpuSeconds(host.pid);
  await Bun.sleep(pace.measuredMs * PART);
  const cpu = cpuSeconds(host.pid) - before;
  const measured = samples;
  const seconds = (performance.now() - began) / 1_000;
  echoing = false;
  for (const socket of sockets) socket.close();
  await host.kill('SIGTERM');
  return floor(measured, measured.length, seconds, cpu);
}

export function open(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'));
    socket.onopen = () => resolve(socket);
    socket.onerror = () => reject(new Error('The echo did not answer.'));
  });
}

/** One batch after the other, of as many rows as could wait at once, each flushed. */
export async function appendFloor(rowsWaiting: number, pace: Pace): Promise<Floor> {
  const level = new ClassicLevel(scratchFolder('append'));
  const rows = Math.min(GROUP_COMMIT_MOST, rowsWaiting);
  const samples: number[] = [];
  let next = 0;
  const before = process.cpuUsage();
  const began = performance.now();
  while (performance.now() - began < pace.measuredMs * PART) {
    const at = performance.now();
    const batch = Array.from({ length: rows }, () => {
      const key = String(next++).padStart(12, '0');
      return { type: 'put', key, value: PAYLOAD } as const;
    });
    await level.batch(batch, { sync: true });
    samples.push(performance.now() - at);
  }
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(before);
  await level.close();
  return floor(samples, next, seconds, (user + system) / 1e6);
}

function floor(samples: readonly number[], count: number, seconds: number, cpu: number): Floor {
  const [p50, p99] = [percentile(samples, 0.5), percentile(samples, 0.99)];
  return { rate: count / seconds, p50, p99, cpu, cpuMicros: (cpu * 1e6) / Math.max(1, count) };
}
