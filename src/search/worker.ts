/** The thread of `threaded.ts`: carries out one call after the other. */
import { SqliteIndex } from './sqlite.ts';
import type { Call, Outcome } from './threaded.ts';

declare const self: Worker;

let index: SqliteIndex | null = null;

function carryOut({ name, args }: Call): unknown {
  if (name === 'open') {
    index = new SqliteIndex(args[0] as string);
    return undefined;
  }
  if (!index) throw new Error('The index is not open.');
  return (index[name] as (...args: unknown[]) => unknown).apply(index, [...args]);
}

self.onmessage = ({ data }: MessageEvent<Call>) => {
  const { id } = data;
  let outcome: Outcome;
  try {
    outcome = { id, result: carryOut(data) };
  } catch (error) {
    outcome = { id, error: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(outcome);
};
