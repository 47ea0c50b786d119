/** A server as a child process: started on a free port, asked for its processor time and memory, killed by its id. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const main = join(import.meta.dir, '../server/main.ts');
/** For `bun --preload`, with a pipe as standard input. */
export const LEASH = join(import.meta.dir, 'leash.ts');
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

const running = new Set<Bun.Subprocess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Host {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to the first `/readyz` that said yes. */
  readonly readyMs: number;
  /** Resolves when the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/**
 * A port for a server that will be killed and started again on it: below those which systems give to connections, one
 * of which would otherwise take it in between.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

/** The first free one from there on. */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; ; port++) if (await isFree(port)) return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** `env` is added to what the server gets; its output is shown only when it fails to start. */
export async function startServer(data: string, port: number, env: Record<string, string> = {}): Promise<Host> {
  return startChild([main, '--port', String(port), '--data', data], port, '/readyz', env);
}

export async function startChild(
  args: readonly string[],
  port: number,
  ready: string,
  env: Record<string, string>,
): Promise<Host> {
  const began = performance.now();
  const child = Bun.spawn([process.execPath, '--no-env-file', '--preload', LEASH, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, HOST: '127.0.0.1', PARLEY_JOIN: 'anyone', ...env },
  });
  running.add(child);
  void child.exited.then(() => running.delete(child));
  const said = [lastLines(child.stdout), lastLines(child.stderr)];
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url + ready))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() - began > 60_000) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start (exit code ${child.exitCode}).\n${said.map((say) => say()).join('')}`);
    }
    await Bun.sleep(5);
  }
  const readyMs = performance.now() - began;
  return {
    url,
    pid: child.pid,
    readyMs,
    kill: async (signal) => {
      child.kill(signal);
      await child.exited;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

/** Reads a stream to its end, so that the child never waits, and keeps its last 4,000 characters. */
function lastLines(stream: ReadableStream<Uint8Array>): () => string {
  let kept = '';
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const part of stream) kept = (kept + decoder.decode(part, { stream: true })).slice(-4_000);
  };
  read().catch(() => {});
  return () => kept;
}

/** The process and all that descend from it. */
function tree(pid: number): number[] {
  const found = [pid];
  for (const task of list(`/proc/${pid}/task`)) {
    for (const child of text(`/proc/${pid}/task/${task}/children`).split(' ')) {
      if (child) found.push(...tree(Number(child)));
    }
  }
  return found;
}

/** Processor time of the process tree since its start. */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const id of tree(pid)) {
    const fields = text(`/proc/${id}/stat`).split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / TICKS_PER_SECOND;
}

export function residentBytes(pid: number): number {
  return tree(pid).reduce((sum, id) => sum + Number(text(`/proc/${id}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES, 0);
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
