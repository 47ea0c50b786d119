/** Looks words up and fills them in. */
import { IntlMessageFormat } from 'intl-messageformat';
import { codeOf, type FailedCode } from '../../client/failed.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { en, type TextKey } from './en.ts';

export type Values = Readonly<Record<string, string | number>>;

const formats = new Map<TextKey, IntlMessageFormat>();

export function t(key: TextKey, values?: Values): string {
  // In the app as it is built, one with places for values comes as what was read of it.
  const message: string | object = en[key];
  if (!values || (typeof message === 'string' && !message.includes('{'))) return en[key];
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new IntlMessageFormat(en[key], 'en', undefined, { ignoreTag: true })));
  return String(format.format(values));
}

/** What happened and what to do, for every code. */
export function sentenceOf(code: FailedCode): string {
  return code === 'offline' ? t('unreachable') : (ERRORS[code] ?? ERRORS.internal).sentence;
}

export function why(error: unknown): string {
  return sentenceOf(codeOf(error));
}
