/** Drafts that a server answers only at the second try, or never. */
import { expect, test } from 'bun:test';
import type { Ask } from '../../src/cli/ask.ts';
import { deliver } from '../../src/cli/deliver.ts';
import type { Result } from '../../src/protocol/commands.ts';
import type { Draft } from '../../src/protocol/entities.ts';

type Answer = Result<'send'>['results'][number];

/** A time that passes only while somebody waits. */
class Waiting {
  readonly pauses: number[] = [];
  #now = 0;
  readonly monotonic = () => this.#now;
  readonly after = (delayMs: number, run: () => void) => {
    this.pauses.push(delayMs);
    this.#now += delayMs;
    queueMicrotask(run);
    return () => {};
  };
}

const draftOf = (key: string): Draft => ({ kind: 'message', key, baseSeq: 1, body: { v: 1, text: key } });
const stored = (key: string, seq: number): Answer => ({ key, seq, at: 1 });

/** Sends `keys` to a server that gives these answers, one after the other, and the last of them for ever. */
async function sent(keys: readonly string[], answers: readonly (readonly Answer[])[]) {
  const waiting = new Waiting();
  const asked: string[][] = [];
  const told: string[] = [];
  const ask = (async (_: string, { drafts }: { drafts: Draft[] }) => {
    asked.push(drafts.map(({ key, baseSeq }) => `${key} above ${baseSeq}`));
    return { results: answers[Math.min(asked.length, answers.length) - 1] };
  }) as unknown as Ask;
  const outcome = await deliver(ask, 'c', keys.map(draftOf), ({ key }) => told.push(key), waiting).then(
    (landed) => landed.map(({ key }) => key),
    (failed: Error) => failed.message,
  );
  return { outcome, asked, told, pauses: waiting.pauses };
}

test('what is not answered for good is sent again under the same key, when the server says', async () => {
  const limited = { key: 'b', code: 'rate_limited', retryAfterMs: 1_234 };
  expect(await sent(['a', 'b'], [[stored('a', 2), limited], [stored('b', 3)]])).toEqual({
    outcome: ['a', 'b'],
    asked: [['a above 1', 'b above 1'], ['b above 1']],
    told: ['a', 'b'],
    pauses: [1_234],
  });
});

test('what was not looked for far enough is sent again at once, with the new base', async () => {
  expect(await sent(['a'], [[{ key: 'a', notUpTo: 9 }], [stored('a', 10)]])).toMatchObject({
    outcome: ['a'],
    asked: [['a above 1'], ['a above 9']],
    pauses: [0],
  });
});

test('a draft that the server forgot to answer is sent again', async () => {
  expect(await sent(['a'], [[], [stored('a', 2)]])).toMatchObject({ outcome: ['a'], pauses: [300] });
});

test('what is refused ends it at once; all that was stored has been told', async () => {
  const refused = { key: 'b', code: 'not_allowed' };
  expect(await sent(['a', 'b', 'c'], [[stored('a', 2), refused, stored('c', 3)]])).toMatchObject({
    outcome: 'Your role here does not allow that.',
    told: ['a', 'c'],
    pauses: [],
  });
});

test('after twenty seconds in which nothing is stored it ends, and says why', async () => {
  const busy = { key: 'b', code: 'overloaded', retryAfterMs: 5_000 };
  const { outcome, pauses } = await sent(['a', 'b'], [[busy], [busy], [stored('a', 2), busy], [busy]]);
  expect(outcome).toBe('The server is busy. It is tried again by itself.');
  expect(pauses).toEqual([5_000, 5_000, 5_000, 5_000, 5_000, 5_000]);
});
