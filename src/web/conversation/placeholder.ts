import { thumbHashToDataURL } from 'thumbhash';

const HASH_BYTES_LEAST = 5;

/** As an address of the picture that a message carries in a few bytes; undefined where they are none. */
export function placeholderOf(hash: string | undefined): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(hash ?? ''), (one) => one.charCodeAt(0));
    return bytes.length < HASH_BYTES_LEAST ? undefined : thumbHashToDataURL(bytes);
  } catch {
    return undefined;
  }
}
