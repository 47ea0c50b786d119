/** Recovery codes: 100 bits, to be written down on paper and typed again by hand. */

/** Without letters that are read as others. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 20;

/** In groups of five, from bytes of a good source of chance. */
export function newRecoveryCode(bytes: Uint8Array): string {
  const letters = Array.from(bytes.subarray(0, LENGTH), (byte) => LETTERS[byte % 32]!).join('');
  return letters.match(/.{5}/g)!.join('-');
}

/** The same for all ways of writing a code. */
export function plainCode(code: string): string {
  return code
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');
}
