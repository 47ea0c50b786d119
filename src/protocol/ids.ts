/**
 * Ids are 16 random (or hashed) bytes as base64url, 22 characters. An id never tells when it was made and never
 * orders anything. Keys, which name a message before the server has numbered it, have the same form.
 */
export const ID_PATTERN = '^[A-Za-z0-9_-]{21}[AQgw]$';

const ID = new RegExp(ID_PATTERN);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function isId(text: string): boolean {
  return ID.test(text);
}

/** The id made of the first 16 of these bytes. */
export function idOf(bytes: Uint8Array): string {
  let id = '';
  for (let i = 0; i < 15; i += 3) {
    const group = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    id += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]! + ALPHABET[(group >> 6) & 63]! + ALPHABET[group & 63]!;
  }
  const last = bytes[15]!;
  return id + ALPHABET[last >> 2]! + ALPHABET[(last & 3) << 4]!;
}
