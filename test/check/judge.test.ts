import { expect, test } from 'bun:test';
import type { Log } from '../faults/device.ts';
import { judge, type Looker } from '../faults/judge.ts';

const CHAT = 'chat';
type Entries = readonly (readonly [number, string])[];

function device(name: string, parts: Partial<Log>) {
  const log = { written: [], acked: new Map(), refused: new Map(), observed: new Map(), head: 0, outbox: [], ...parts };
  return { name, logs: new Map([[CHAT, log as Log]]), contradictions: [] };
}

const read = (entries: Entries) => new Map([[CHAT, entries]]);

function verdict(
  parts: Partial<Log>,
  entries: Entries,
  others: readonly Entries[] = [],
  lookers: readonly Looker[] = [],
) {
  const devices = [device('one', parts), ...others.map((_, i) => device(`other${i}`, {}))];
  const { lost, duplicated, reordered } = judge(devices, [entries, ...others].map(read), lookers);
  return { lost, duplicated, reordered };
}

const ACKED = {
  written: ['a', 'b'],
  acked: new Map([
    ['a', 1],
    ['b', 2],
  ]),
};
const BOTH: Entries = [
  [1, 'a'],
  [2, 'b'],
];
const NOTHING = { lost: 0, duplicated: 0, reordered: 0 };

test('what is acked, there, dense and the same everywhere is right', () => {
  expect(verdict(ACKED, BOTH, [BOTH], [{ name: 'looker', held: read(BOTH) }])).toEqual(NOTHING);
});

const WRONG: readonly (readonly [string, () => ReturnType<typeof verdict>, Partial<typeof NOTHING>])[] = [
  ['an acked message that is not there', () => verdict(ACKED, [[1, 'a']]), { lost: 1 }],
  [
    'a hole in the numbers',
    () =>
      verdict({}, [
        [1, 'a'],
        [3, 'b'],
      ]),
    { lost: 1 },
  ],
  ['a member that was refused', () => verdict({ refused: new Map([['c', 'not_member']]) }, BOTH), { lost: 1 }],
  [
    'a key that stands twice',
    () =>
      verdict({}, [
        [1, 'a'],
        [2, 'a'],
      ]),
    { duplicated: 1 },
  ],
  ['another number than was acked', () => verdict({ acked: new Map([['b', 1]]) }, BOTH), { reordered: 1 }],
  ['another number than was seen', () => verdict({ observed: new Map([[1, 'b']]) }, BOTH), { reordered: 1 }],
  ['another order than was written', () => verdict({ written: ['b', 'a'] }, BOTH), { reordered: 1 }],
  [
    'a device that reads something else',
    () =>
      verdict({}, BOTH, [
        [
          [1, 'b'],
          [2, 'a'],
        ],
      ]),
    { reordered: 1 },
  ],
  [
    'a replica that holds less',
    () => verdict({}, BOTH, [], [{ name: 'looker', held: read([[1, 'a']]) }]),
    { reordered: 1 },
  ],
];
for (const [name, judged, found] of WRONG) {
  test(`the judge of the kill test finds ${name}`, () => expect(judged()).toEqual({ ...NOTHING, ...found }));
}
