import type { ErrorCode } from '../protocol/errors.ts';

/** A decision against: nothing happened. Checks answer null when there is nothing against it. */
export interface Refusal {
  readonly code: ErrorCode;
}

export function refuse(code: ErrorCode): Refusal {
  return { code };
}

/** For what only a bug can bring about. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken assumption: ${message}`);
}

export function unreachable(value: never): never {
  throw new Error(`Broken assumption: no such case: ${JSON.stringify(value)}`);
}
