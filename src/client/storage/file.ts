/**
 * One file of JSON lines, each a batch of writes as `[[key, value] | [key], …]`, synced before `write` returns. What
 * it says is held in memory; opening it rewrites it without what was overwritten.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { memoryStorage } from './memory.ts';
import type { Storage, Write } from './storage.ts';

type Line = readonly ([key: string, value: unknown] | [key: string])[];

const PUTS_A_LINE = 100;

export async function fileStorage(path: string): Promise<Storage> {
  const memory = memoryStorage();
  for (const writes of await readJournal(path)) await memory.write(writes);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await compact(path, memory);
  const file = await open(path, 'a', 0o600);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    get: (key) => memory.get(key),
    range: (from, to, limit, reverse) => memory.range(from, to, limit, reverse),
    write: (writes, guard) =>
      inTurn(async () => {
        if (guard !== undefined && (await memory.get('writer')) !== guard) return false;
        await file.appendFile(toLine(writes));
        await file.datasync();
        return memory.write(writes);
      }),
    close: () => inTurn(() => file.close()),
  };
}

function toLine(writes: readonly Write[]): string {
  const line: Line = writes.map((write) => (write.kind === 'put' ? [write.key, write.value] : [write.key]));
  return `${JSON.stringify(line)}\n`;
}

/** A last line that was cut short by a crash was never promised to anybody. */
async function readJournal(path: string): Promise<Write[][]> {
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  const torn = lines.pop();
  if (torn) lines.push(torn);
  return lines.flatMap((line, i) => {
    try {
      const parsed = JSON.parse(line) as Line;
      return [
        parsed.map(
          ([key, ...rest]): Write => (rest.length > 0 ? { kind: 'put', key, value: rest[0] } : { kind: 'delete', key }),
        ),
      ];
    } catch (error) {
      if (i === lines.length - 1) return [];
      throw new Error(`${path} is damaged at line ${i + 1}.`, { cause: error });
    }
  });
}

async function compact(path: string, memory: Storage): Promise<void> {
  const rows = await memory.range('', '\uffff', Number.MAX_SAFE_INTEGER);
  const fresh = await open(`${path}.new`, 'w', 0o600);
  for (let i = 0; i < rows.length; i += PUTS_A_LINE) {
    const puts = rows.slice(i, i + PUTS_A_LINE).map(({ key, value }): Write => ({ kind: 'put', key, value }));
    await fresh.appendFile(toLine(puts));
  }
  await fresh.sync();
  await fresh.close();
  await rename(`${path}.new`, path);
}
