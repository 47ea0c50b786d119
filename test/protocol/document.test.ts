import { describe, expect, test } from 'bun:test';
import type { TSchema } from 'typebox';
import Compile from 'typebox/compile';
import { digestMarks } from '../../src/core/receipts.ts';
import { COMMAND_NAMES, COMMANDS, type CommandName, Place, SendResult } from '../../src/protocol/commands.ts';
import { Annotation, Draft, Entry, FeedEntry } from '../../src/protocol/entities.ts';
import { CLOSE, ERRORS, type ErrorCode, mayComeBack } from '../../src/protocol/errors.ts';
import { EVENTS, type EventName } from '../../src/protocol/events.ts';
import { idOf, isId } from '../../src/protocol/ids.ts';
import * as limits from '../../src/protocol/limits.ts';
import { Notice } from '../../src/protocol/push-commands.ts';
import { isSetting } from '../../src/protocol/settings.ts';
import { understand } from '../../src/server/dispatch.ts';
import { ErrorAnswer, ROUTES } from '../../src/server/http-api.ts';
import { framesSchema } from '../../src/server/openapi.ts';
import { exchanges, frames, page, valuesIn } from './page.ts';

/** Fails with what is wrong with the value. */
function expectFit(schema: TSchema, value: unknown): void {
  expect([...Compile(schema).Errors(value)]).toEqual([]);
}

/** How the parts of a union differ: the value of this property, or the names of the required ones. */
function partsOf(union: TSchema, property?: string): string[] {
  const { anyOf } = union as unknown as {
    anyOf: { required: string[]; properties: Record<string, { const: string }> }[];
  };
  return anyOf.map((part) => (property ? part.properties[property]!.const : part.required.join(' ')));
}

const kindsOf = (values: unknown[]) => new Set(values.map((value) => (value as { kind: string }).kind));

describe('docs/protocol.md: each frame is right', () => {
  const said = frames.map((example) => [example.line, example] as const);

  test.each(said.filter(([, { by }]) => by === 'client'))('%s', (_line, { frame, other }) => {
    const understood = understand(frame);
    const code = 'failure' in understood ? understood.failure.code : undefined;
    expect(code).toBe(
      other?.error && ['bad_frame', 'unknown_command'].includes(other.error.code) ? other.error.code : undefined,
    );
  });
  test.each(said.filter(([, { by, frame }]) => by === 'server' && 'result' in frame))(
    '%s',
    (_line, { frame, other }) => {
      expectFit(COMMANDS[other.type as CommandName].result, frame.result);
    },
  );
  test.each(said.filter(([, { frame }]) => 'error' in frame))('%s', (_line, { frame }) => {
    expectFit((framesSchema() as { failure: TSchema }).failure, frame);
    expect(frame.error.message).toBe(ERRORS[frame.error.code as ErrorCode].sentence);
  });
  test.each(said.filter(([, { by, frame }]) => by === 'server' && !('re' in frame)))('%s', (_line, { frame }) => {
    expectFit(EVENTS[frame.type as EventName], frame);
  });
});

describe('docs/protocol.md: each entry is right', () => {
  const blocks = [
    ['entries', Entry],
    ['drafts', Draft],
    ['feed-entries', FeedEntry],
    ['notices', Notice],
  ] as const;
  test.each(blocks)('%s', (kind, schema) => {
    const values = valuesIn(kind);
    for (const value of values) expectFit(schema, value);
    expect(kindsOf(values)).toEqual(new Set(partsOf(schema, 'kind')));
  });
  test('annotations', () => {
    const values = valuesIn('annotations');
    for (const value of values) expectFit(Annotation, value);
    expect(values).toHaveLength(partsOf(Annotation, 'what').length);
  });
});

describe('docs/protocol.md: each request is right', () => {
  const matches = (path: string, asked: string) => new RegExp(`^${path.replace(/:\w+/g, '[\\w-]{22}')}$`).test(asked);

  test.each(exchanges.map((exchange) => [exchange.line, exchange] as const))('%s', (_line, exchange) => {
    const { method, path, query, body, answer } = exchange;
    const route = ROUTES.find((other) => other.method === method && matches(other.path, path))!;
    expect(Object.keys(route.query.properties)).toEqual(expect.arrayContaining(Object.keys(query)));
    if (route.body && route.body !== 'bytes') expectFit(route.body, body);
    expectFit('error' in answer ? ErrorAnswer : route.answer, answer);
  });
  test.each(ROUTES.map(({ method, path }) => [method, path]))('%s %s has an example', (method, path) => {
    expect(exchanges.some((exchange) => exchange.method === method && matches(path, exchange.path))).toBe(true);
  });
  test.each(['/socket', '/openapi.json', '/frames.json', '/livez', '/readyz'])('%s is named', (path) => {
    expect(page).toContain(`\`${path}\``);
  });
});

describe('docs/protocol.md: nothing is left out', () => {
  test.each(COMMAND_NAMES)('%s is asked and answered', (name) => {
    expect(frames.some(({ by, frame, other }) => by === 'client' && frame.type === name && other?.result)).toBe(true);
  });
  test.each(Object.keys(EVENTS))('%s comes', (name) => {
    expect(frames.some(({ by, frame }) => by === 'server' && frame.type === name)).toBe(true);
  });
  test.each(partsOf(Place))('history has the place %s', (name) => {
    expect(frames.some(({ frame }) => frame.type === 'history' && name in frame.place)).toBe(true);
  });
  test.each(partsOf(SendResult))('a draft is answered with %s', (names) => {
    const results = frames.flatMap(({ frame }) => frame.result?.results ?? []);
    expect(results.some((result) => names.split(' ').every((name) => name in result))).toBe(true);
  });
  test.each(Object.entries(ERRORS))('the code %s is listed as it is', (code, { status, retry, sentence }) => {
    expect(page).toMatch(
      new RegExp(`^\\| \`${code}\` \\| ${status} \\| ${retry} \\| ${RegExp.escape(sentence)} \\| .+ \\|$`, 'm'),
    );
  });
  test.each(Object.entries(CLOSE))('the close code %s is listed as it is', (name, code) => {
    expect(page).toMatch(
      new RegExp(`^\\| ${code} \\| ${name} \\| .+ \\| ${mayComeBack(code) ? 'yes' : 'no'}.* \\|$`, 'm'),
    );
  });
  const { DEFAULT_LIMITS, ...others } = limits;
  test.each(Object.entries({ ...DEFAULT_LIMITS, ...others }))('the limit %s is listed as it is', (name, value) => {
    expect(page).toContain(`| \`${name}\` | ${value.toLocaleString('en')} | `);
  });
});

test('docs/protocol.md: the digest is what it is said to be', () => {
  const rows = [...page.matchAll(/^\| `(\S{22}) (\d+) (\d+)` \| (\d+) \|$/gm)];
  const marks = rows.map(([, user = '', delivered, read]) => ({
    user,
    delivered: Number(delivered),
    read: Number(read),
  }));
  expect(rows.map(([, , , , hash]) => Number(hash))).toEqual(marks.map((mark) => digestMarks([mark])));
  expect(rows.length).toBeGreaterThan(1);
  expect(page).toContain(`| digest | ${digestMarks(marks)} |`);
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
    ['notify/shows', 'names'],
    ['notify/mentions', '1'],
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
