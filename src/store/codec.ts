/**
 * Keys and values as bytes. A key is a table byte and parts: texts end with a zero byte (zeros in them are escaped),
 * numbers are eight bytes, big-endian, so that keys come in the order of their parts. A value is a version byte, four
 * bytes of CRC-32, and JSON.
 */
import { crc32 } from 'node:zlib';
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

const VALUE_VERSION = 1;
/** The sum is over what stands behind it. */
const SUM_AT = 1;
const SUMMED_FROM = 5;

export function keyOf(table: number, ...parts: (string | number)[]): Buffer {
  const pieces = parts.map((part) => (typeof part === 'number' ? part : escapeZeros(part)));
  let length = 1;
  for (const piece of pieces) length += typeof piece === 'number' ? 8 : Buffer.byteLength(piece) + 1;
  const key = Buffer.allocUnsafe(length);
  key[0] = table;
  let at = 1;
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      key.writeUInt32BE(Math.floor(piece / 2 ** 32), at);
      key.writeUInt32BE(piece >>> 0, at + 4);
      at += 8;
    } else {
      at += key.write(piece, at);
      key[at++] = 0;
    }
  }
  return key;
}

/** Where the rows of all logs, or the registers and records of all partitions, stand whose names begin so. */
export function rangesOf(name: string): [from: Buffer, to: Buffer][] {
  const tables = /^[cf]\//.test(name) ? [TABLE.rows] : [TABLE.registers, TABLE.records];
  return tables.map((table) => {
    const from = keyOf(table, name).subarray(0, -1);
    return [from, above(from)];
  });
}

/** The least key above all that begin with this one. */
export function above(prefix: Buffer): Buffer {
  const key = Buffer.from(prefix);
  for (let i = key.length - 1; i >= 0; i--) {
    if (key[i]! < 0xff) {
      key[i]!++;
      return key.subarray(0, i + 1);
    }
  }
  return key;
}

function escapeZeros(text: string): string {
  return text.includes('\0') || text.includes('\x01')
    ? text.replaceAll('\x01', '\x01\x02').replaceAll('\0', '\x01\x01')
    : text;
}

function unescapeZeros(text: string): string {
  return text.includes('\x01') ? text.replaceAll('\x01\x01', '\0').replaceAll('\x01\x02', '\x01') : text;
}

export function encodeValue(value: unknown): Buffer {
  const text = JSON.stringify(value);
  const bytes = Buffer.allocUnsafe(SUMMED_FROM + Buffer.byteLength(text));
  bytes.write(text, SUMMED_FROM);
  return sealed(bytes);
}

export function decodeValue<T>(bytes: Buffer, what: string): T {
  return JSON.parse(unsealed(bytes, what).toString('utf8', SUMMED_FROM)) as T;
}

/** What a row holds behind its header. */
const BODY = { none: 0, plain: 1, sealed: 2 } as const;

/** A row of a log: like a value, but header and body stay the texts they are; a Buffer is a body that a key opens. */
export function encodeRow(header: string, body: string | Buffer | null): Buffer {
  const split = 10 + Buffer.byteLength(header);
  const length = typeof body === 'string' ? Buffer.byteLength(body) : (body?.length ?? 0);
  const bytes = Buffer.allocUnsafe(split + length);
  bytes[5] = body === null ? BODY.none : typeof body === 'string' ? BODY.plain : BODY.sealed;
  bytes.writeUInt32BE(split - 10, 6);
  bytes.write(header, 10);
  if (typeof body === 'string') bytes.write(body, split);
  else body?.copy(bytes, split);
  return sealed(bytes);
}

export function decodeRow(
  value: Buffer,
  what: string,
  open: (sealed: Buffer) => string | null,
): { header: string; body: string | null } {
  const bytes = unsealed(value, what);
  const split = 10 + bytes.readUInt32BE(6);
  return {
    header: bytes.toString('utf8', 10, split),
    body: bodyOf(bytes[5]!, bytes.subarray(split), open),
  };
}

function bodyOf(kind: number, bytes: Buffer, open: (sealed: Buffer) => string | null): string | null {
  if (kind === BODY.plain) return bytes.toString('utf8');
  return kind === BODY.sealed ? open(bytes) : null;
}

function sealed(bytes: Buffer): Buffer {
  bytes[0] = VALUE_VERSION;
  bytes.writeUInt32BE(crc32(bytes.subarray(SUMMED_FROM)), SUM_AT);
  return bytes;
}

function unsealed(bytes: Buffer, what: string): Buffer {
  const isWhole = bytes.length >= SUMMED_FROM && bytes[0] === VALUE_VERSION;
  if (!isWhole || crc32(bytes.subarray(SUMMED_FROM)) !== bytes.readUInt32BE(SUM_AT)) {
    throw new Corrupt(`${what} does not match its checksum. Restore the data folder from a backup.`);
  }
  return bytes;
}

/** The number at the end of a key. */
export function lastNumber(key: Buffer): number {
  const at = key.length - 8;
  return key.readUInt32BE(at) * 2 ** 32 + key.readUInt32BE(at + 4);
}

/** The text part that begins there. */
export function textAt(key: Buffer, from: number): string {
  const end = key.indexOf(0, from);
  return unescapeZeros(key.toString('utf8', from, end === -1 ? key.length : end));
}
