import { ERRORS, type ErrorCode, type Failure } from '../protocol/errors.ts';

/** `offline`: there was no connection, or no answer in time; whether anything was done is then not known. */
export type FailedCode = ErrorCode | 'offline';

export class RequestFailed extends Error {
  readonly code: FailedCode;
  readonly retryAfterMs: number;
  readonly path: string | undefined;
  /** With `name_taken`: names like it that are free. */
  readonly names: readonly string[];

  constructor(failure: Omit<Failure, 'code'> & { readonly code: FailedCode; readonly message?: string }) {
    super(failure.message ?? sentenceOf(failure.code));
    this.name = 'RequestFailed';
    this.code = failure.code;
    this.retryAfterMs = failure.retryAfterMs ?? 0;
    this.path = failure.path;
    this.names = failure.names ?? [];
  }
}

function sentenceOf(code: FailedCode): string {
  return code === 'offline' ? 'There is no connection to the server.' : (ERRORS[code]?.sentence ?? code);
}

/** Whether the same request may succeed later; a code of a newer server counts as such. */
export function mayRetry(code: FailedCode): boolean {
  if (code === 'offline') return true;
  const retry = ERRORS[code]?.retry ?? 'same';
  return retry === 'same' || retry === 'session';
}

export function codeOf(error: unknown): FailedCode {
  return error instanceof RequestFailed ? error.code : 'internal';
}
