/**
 * Keys and values as bytes. A key is a table byte and parts: texts end with a zero byte (zeros in them are escaped),
 * numbers are eight bytes, big-endian, so that keys come in the order of their parts. A value is a version byte, four
 * bytes of CRC-32, and JSON.
 */
import { Corrupt } from './store.ts';

export const TABLE = {
  meta: 0,
  rows: 1,
  heads: 2,
  keys: 3,
  registers: 4,
  obligations: 5,
  records: 6,
  schedule: 7,
  commits: 8,
} as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const VALUE_VERSION = 1;

export function keyOf(table: number, ...parts: (string | number)[]): Uint8Array {
  const pieces = parts.map((part) => (typeof part === 'number' ? part : escapeZeros(encoder.encode(part))));
  let length = 1;
  for (const piece of pieces) length += typeof piece === 'number' ? 8 : piece.length + 1;
  const key = new Uint8Array(length);
  key[0] = table;
  let at = 1;
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      const view = new DataView(key.buffer);
      view.setUint32(at, Math.floor(piece / 2 ** 32));
      view.setUint32(at + 4, piece >>> 0);
      at += 8;
    } else {
      key.set(piece, at);
      at += piece.length + 1;
    }
  }
  return key;
}

/** The least key above all that begin with this one. */
export function above(prefix: Uint8Array): Uint8Array {
  const key = prefix.slice();
  for (let i = key.length - 1; i >= 0; i--) {
    if (key[i]! < 0xff) {
      key[i]!++;
      return key.slice(0, i + 1);
    }
  }
  return key;
}

function escapeZeros(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0) && !bytes.includes(1)) return bytes;
  const escaped: number[] = [];
  for (const byte of bytes) {
    if (byte <= 1) escaped.push(1, byte + 1);
    else escaped.push(byte);
  }
  return Uint8Array.from(escaped);
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function crc32(bytes: Uint8Array, from = 0): number {
  let crc = 0xffffffff;
  for (let i = from; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export function encodeValue(value: unknown): Uint8Array {
  const text = encoder.encode(JSON.stringify(value));
  const bytes = new Uint8Array(text.length + 5);
  bytes[0] = VALUE_VERSION;
  bytes.set(text, 5);
  new DataView(bytes.buffer).setUint32(1, crc32(bytes, 5));
  return bytes;
}

export function decodeValue<T>(bytes: Uint8Array, what: string): T {
  const sum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  if (bytes[0] !== VALUE_VERSION || crc32(bytes, 5) !== sum) {
    throw new Corrupt(`${what} does not match its checksum. Restore the data folder from a backup.`);
  }
  return JSON.parse(decoder.decode(bytes.subarray(5))) as T;
}

/** A row of a log: like a value, but header and body stay the texts they are. */
export function encodeRow(header: string, body: string | null): Uint8Array {
  const head = encoder.encode(header);
  const tail = body === null ? null : encoder.encode(body);
  const bytes = new Uint8Array(10 + head.length + (tail?.length ?? 0));
  const view = new DataView(bytes.buffer);
  bytes[0] = VALUE_VERSION;
  bytes[5] = tail ? 1 : 0;
  view.setUint32(6, head.length);
  bytes.set(head, 10);
  if (tail) bytes.set(tail, 10 + head.length);
  view.setUint32(1, crc32(bytes, 5));
  return bytes;
}

export function decodeRow(bytes: Uint8Array, what: string): { header: string; body: string | null } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (bytes[0] !== VALUE_VERSION || crc32(bytes, 5) !== view.getUint32(1)) {
    throw new Corrupt(`${what} does not match its checksum. Restore the data folder from a backup.`);
  }
  const split = 10 + view.getUint32(6);
  return {
    header: decoder.decode(bytes.subarray(10, split)),
    body: bytes[5] === 1 ? decoder.decode(bytes.subarray(split)) : null,
  };
}

/** The number at the end of a key. */
export function lastNumber(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset + key.length - 8);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

/** The text part that begins there. */
export function textAt(key: Uint8Array, from: number): string {
  const bytes: number[] = [];
  for (let i = from; i < key.length && key[i] !== 0; i++) {
    if (key[i] === 1) bytes.push(key[++i]! - 1);
    else bytes.push(key[i]!);
  }
  return decoder.decode(Uint8Array.from(bytes));
}
