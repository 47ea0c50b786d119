/** Looks words up and fills them in. */
import { IntlMessageFormat } from 'intl-messageformat';
import { codeOf, type FailedCode } from '../../client/failed.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { en, type TextKey } from './en.ts';

export type Values = Readonly<Record<string, string | number>>;

/** Also those that have come later. */
const words = { ...en } as Record<TextKey, string>;
const formats = new Map<TextKey, IntlMessageFormat>();

/** Words that are not among those of the first screen. */
export function learn(more: Readonly<Record<string, string>>): void {
  Object.assign(words, more);
}

export function t(key: TextKey, values?: Values): string {
  // In the app as it is built, one with places for values comes as what was read of it.
  const message: string | object = words[key];
  if (!values || (typeof message === 'string' && !message.includes('{'))) return words[key];
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new IntlMessageFormat(words[key], 'en', undefined, { ignoreTag: true })));
  return String(format.format(values));
}

/** What happened and what to do, for every code. */
export function sentenceOf(code: FailedCode): string {
  return code === 'offline' ? t('unreachable') : (ERRORS[code] ?? ERRORS.internal).sentence;
}

export function why(error: unknown): string {
  return sentenceOf(codeOf(error));
}
