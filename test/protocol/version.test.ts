import { expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import * as accounts from '../../src/protocol/accounts.ts';
import { COMMANDS } from '../../src/protocol/commands.ts';
import * as community from '../../src/protocol/community.ts';
import { EVENTS } from '../../src/protocol/events.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';

/** When a schema changes, the version and its line of history do, and then this hash. */
const HASHES: Record<number, string> = { 1: 'e63d1b2748772574' };

/** What schemas say to people is not the wire. */
const withoutWords = (key: string, value: unknown) =>
  key === 'description' && typeof value === 'string' ? undefined : value;

test('the wire changes only together with its version', () => {
  const schemas = JSON.stringify({ COMMANDS, EVENTS, ...accounts, ...community }, withoutWords);
  expect(createHash('sha256').update(schemas).digest('hex').slice(0, 16)).toBe(HASHES[PROTOCOL_VERSION]!);
});
