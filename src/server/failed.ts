import { MediaUnavailable } from '../media/media.ts';
import { ERRORS, type ErrorCode, type Failure } from '../protocol/errors.ts';
import { Unavailable, Unknown } from '../store/store.ts';

/** Ends a command with a code of the catalogue. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly failure: Failure;

  constructor(code: ErrorCode, detail: Omit<Failure, 'code'> = {}) {
    super(code);
    this.failure = { code, ...detail };
  }
}

/** What the engine's answer means to whoever asked; null for a bug. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Failed) return error.failure;
  if (error instanceof Unknown) return { code: 'unknown_outcome', retryAfterMs: 500 };
  if (error instanceof Unavailable || error instanceof MediaUnavailable) {
    return error.reason === 'full'
      ? { code: 'storage_full', retryAfterMs: 5_000 }
      : { code: 'unavailable', retryAfterMs: 1_000 };
  }
  return null;
}

/** The failure with its sentence for people. */
export function withSentence(failure: Failure): Failure & { message: string } {
  return { ...failure, message: ERRORS[failure.code].sentence };
}
