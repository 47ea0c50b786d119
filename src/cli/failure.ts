/** What goes wrong, said in a sentence, with the exit code that scripts go by. */
import { ERRORS, type ErrorCode, type Failure } from '../protocol/errors.ts';

export const EXIT = {
  /** The server refused, or there is no such person or conversation. */
  refused: 1,
  usage: 2,
  /** The server does not answer. */
  unreachable: 69,
  /** Another parley has this profile open. */
  busy: 75,
  signedOut: 77,
} as const;

export class Failed extends Error {
  readonly exitCode: number;
  constructor(sentence: string, exitCode: number = EXIT.refused) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

export function refused(failure: Failure): Failed {
  if (ERRORS[failure.code]?.retry === 'session') {
    return new Failed('This device is signed out. Sign in again: parley signin NAME', EXIT.signedOut);
  }
  return new Failed(sentenceOf(failure.code));
}

/** Says also which names are free. */
export function namedSentence({ code, names = [] }: Failure): string {
  const free = names.length === 0 ? '' : ` ${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} free.`;
  return sentenceOf(code) + free;
}

export function sentenceOf(code: string): string {
  return ERRORS[code as ErrorCode]?.sentence ?? `The server refused: ${code}.`;
}
