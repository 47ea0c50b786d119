/**
 * What a test began ends with it, whether it passed, failed or took too long. Preloaded (`bunfig.toml`): hooks of a
 * module that several test files import count for the first of them only.
 */
import { afterAll, afterEach } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type End = () => unknown;

const ofTest: End[] = [];
const ofRun: End[] = [];
const PATIENCE_MS = 15_000;

/** Whatever anything in this run keeps for a while, browsers and child processes too. */
const scratch = mkdtempSync(join(tmpdir(), 'parley-'));
process.env['TMPDIR'] = scratch;

/** Runs when the test has ended, the newest first; what it throws fails the test. */
export function atEnd(end: End): void {
  ofTest.push(end);
}

/** Runs when all files have been tested. */
export function atLast(end: End): void {
  ofRun.push(end);
}

/** A folder of the test's own, which goes with it. */
export function folder(): string {
  const made = mkdtempSync(join(scratch, 'test-'));
  atEnd(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Asks a process to end, and ends it when it does not. */
export async function stop(child: Bun.Subprocess): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await child.exited;
  clearTimeout(timer);
}

/** All of them, also when one throws or hangs; then throws what the first one threw. */
async function run(ends: End[]): Promise<void> {
  const thrown: unknown[] = [];
  while (ends.length > 0) {
    const end = ends.pop()!;
    try {
      await inTime(PATIENCE_MS, `What a test began did not end within ${PATIENCE_MS} ms.`, Promise.resolve().then(end));
    } catch (error) {
      thrown.push(error);
    }
  }
  if (thrown.length > 0) throw thrown[0];
}

/** Rejects with these words for what takes longer. */
export async function inTime<T>(ms: number, late: string, wait: Promise<T>): Promise<T> {
  let timer: Timer | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), ms);
  });
  return Promise.race([wait, over]).finally(() => clearTimeout(timer));
}

afterEach(() => run(ofTest));
// A test that took too long may have begun things after its end.
afterAll(async () => {
  await run(ofTest)
    .finally(() => run(ofRun))
    .finally(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
});
