/** Frames as each version had them, one a line: what was said once is understood for as long as that version is spoken. */
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import Compile from 'typebox/compile';
import { COMMAND_NAMES, COMMANDS, type CommandName } from '../../src/protocol/commands.ts';
import { EVENTS, type EventName } from '../../src/protocol/events.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { understand } from '../../src/server/dispatch.ts';

type Kept =
  | { readonly command: { readonly type: CommandName } }
  | { readonly event: { readonly type: EventName } }
  | { readonly answers: CommandName; readonly reply: { readonly result: unknown } };

const folder = new URL('./old/', import.meta.url);
const framesOf = (version: number) =>
  readFileSync(new URL(`${version}.jsonl`, folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Kept);

test('the version that is spoken, and the one before it, are kept', () => {
  const versions = readdirSync(folder).map((name) => Number.parseInt(name, 10));
  expect(versions).toContain(PROTOCOL_VERSION);
  if (PROTOCOL_VERSION > 1) expect(versions).toContain(PROTOCOL_VERSION - 1);
});

for (const version of [PROTOCOL_VERSION - 1, PROTOCOL_VERSION].filter((spoken) => spoken > 0)) {
  test.each(framesOf(version))(`a frame of version ${version} still decodes: %j`, (kept) => {
    if ('command' in kept) expect(understand(kept.command)).toMatchObject({ type: kept.command.type });
    else if ('event' in kept) expect(Compile(EVENTS[kept.event.type]).Check(kept.event)).toBe(true);
    else expect(Compile(COMMANDS[kept.answers].result).Check(kept.reply.result)).toBe(true);
  });
}

test('every command and every event of this version is among them', () => {
  const kept = framesOf(PROTOCOL_VERSION);
  const commands = kept.flatMap((frame) => ('command' in frame ? [frame.command.type] : []));
  const answers = kept.flatMap((frame) => ('answers' in frame ? [frame.answers] : []));
  const events = kept.flatMap((frame) => ('event' in frame ? [frame.event.type] : []));
  expect([new Set(commands), new Set(answers)]).toEqual([new Set(COMMAND_NAMES), new Set(COMMAND_NAMES)]);
  expect(new Set(events)).toEqual(new Set(Object.keys(EVENTS) as EventName[]));
});
