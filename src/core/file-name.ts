import { FILE_NAME_BYTES } from '../protocol/limits.ts';
import { utf8Bytes } from './text.ts';

/** What cannot be seen, or turns the reading direction, so that "exe.gpj" looks like "jpg.exe". */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
/** Characters that some system gives a meaning in names. */
const SPECIAL = /[<>:"|?*]/g;
const EXTENSION_MAX = 20;

/** The name without folders and without what deceives; 'file' when nothing is left. At most 255 bytes of UTF-8. */
export function cleanFileName(name: string): string {
  const last = name.slice(-4_096).split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    .replace(HIDDEN, '')
    .replace(SPECIAL, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return shorten(clean) || 'file';
}

/** With the dot, in small letters; '' when there is none. */
export function extensionOf(name: string): string {
  const at = name.lastIndexOf('.');
  return at > 0 && name.length - at <= EXTENSION_MAX ? name.slice(at).toLowerCase() : '';
}

/** The end, which says what it is, stays. */
function shorten(name: string): string {
  const end = name.slice(name.length - extensionOf(name).length);
  const stem = [...name.slice(0, name.length - end.length)];
  let bytes = utf8Bytes(name);
  while (bytes > FILE_NAME_BYTES && stem.length > 0) bytes -= utf8Bytes(stem.pop()!);
  return `${stem.join('')}${end}`;
}
