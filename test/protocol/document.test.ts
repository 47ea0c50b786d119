import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { COMMAND_NAMES } from '../../src/protocol/commands.ts';
import { CLOSE, ERRORS, mayComeBack } from '../../src/protocol/errors.ts';
import { EVENTS } from '../../src/protocol/events.ts';
import { idOf, isId } from '../../src/protocol/ids.ts';
import { isSetting } from '../../src/protocol/settings.ts';

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

describe('docs/protocol.md', () => {
  test.each(COMMAND_NAMES)('names the command %s', (name) => expect(page).toContain(name));
  test.each(Object.keys(EVENTS))('names the event %s', (name) => expect(page).toContain(`\`${name}`));
  test.each(Object.entries(ERRORS))('lists the code %s as it is', (code, { status, retry, sentence }) => {
    expect(page).toContain(`| \`${code}\` | ${status} | ${retry} | ${sentence} |`);
  });
  test.each(Object.values(CLOSE))('lists the close code %d', (code) => expect(page).toContain(String(code)));
});

describe('the catalogue', () => {
  test.each(Object.entries(ERRORS))('%s speaks to people', (_code, { sentence }) => {
    expect(sentence).not.toMatch(/error|invalid|failed to|please|oops/i);
    expect(sentence).toMatch(/[.]$/);
  });
  test('close codes from 4500 on do not come back', () => {
    expect(mayComeBack(CLOSE.drain) && mayComeBack(CLOSE.rate) && mayComeBack(1006)).toBe(true);
    expect(mayComeBack(CLOSE.revoked) || mayComeBack(CLOSE.replaced)).toBe(false);
  });
});

describe('ids', () => {
  test('are 16 bytes as base64url', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
    expect(idOf(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    expect(isId(idOf(bytes))).toBe(true);
  });
  test.each(['', 'short', 'A'.repeat(23), `${'A'.repeat(21)}B`, `${'A'.repeat(20)}+A`])('%j is none', (text) => {
    expect(isId(text)).toBe(false);
  });
});

describe('settings', () => {
  const c = 'A'.repeat(22);
  test.each([
    [`mute/${c}`, '1'],
    [`pin/${c}`, ''],
    [`archive/${c}`, '1'],
    [`draft/${c}/${c}`, 'words'],
    ['privacy/presence', 'contacts'],
    ['privacy/receipts', 'hidden'],
  ])('%s may be %j', (key, value) => expect(isSetting(key, value)).toBe(true));
  test.each([
    [`mute/${c}`, 'yes'],
    ['mute/x', '1'],
    [`mute/${c}/${c}`, '1'],
    [`draft/${c}`, 'words'],
    [`draft/${c}/${c}/x`, 'words'],
    ['privacy/presence', 'friends'],
    ['colour', 'red'],
  ])('%s may not be %j', (key, value) => expect(isSetting(key, value)).toBe(false));
});
