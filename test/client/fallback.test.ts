import { expect, test } from 'bun:test';
import { withFallback } from '../../src/client/fallback.ts';
import { BROKEN, type Handlers, type Link, type Transport } from '../../src/client/transport.ts';
import type { ServerFrame } from '../../src/protocol/frames.ts';
import { SteppedClock } from './fake.ts';

const FRAME = { re: 1, result: {} } as ServerFrame;

/** A transport whose links the test moves by hand. */
class Hand implements Transport {
  readonly links: { handlers: Handlers; said: string[]; closed: boolean }[] = [];
  readonly pulls: boolean;
  constructor(pulls: boolean) {
    this.pulls = pulls;
  }
  open(handlers: Handlers): Link {
    const link = { handlers, said: [] as string[], closed: false };
    this.links.push(link);
    return {
      pulls: this.pulls,
      send: (frames) => void link.said.push(...frames.map(({ type }) => type)),
      close: () => void (link.closed = true),
    };
  }
  get last() {
    return this.links.at(-1)!;
  }
}

function setUp() {
  const [first, second, clock] = [new Hand(false), new Hand(true), new SteppedClock()];
  const closed: number[] = [];
  const transport = withFallback(first, second, clock);
  const open = () => transport.open({ opened() {}, frame() {}, closed: (code) => void closed.push(code) });
  const pass = (ms: number) => {
    const until = clock.monotonic() + ms;
    while (clock.step(until));
  };
  return { first, second, open, pass, closed };
}

/** Two links over the first bring nothing; the third is over the second, and works. */
function fallen() {
  const world = setUp();
  for (let i = 0; i < 2; i++) {
    world.open();
    world.first.last.handlers.closed(BROKEN, '');
  }
  const link = world.open();
  world.second.last.handlers.opened();
  world.second.last.handlers.frame(FRAME);
  return { ...world, link };
}

for (const [name, fail] of [
  ['is refused', ({ handlers }: Hand['last']) => handlers.closed(BROKEN, '')],
  ['opens and brings no frame', ({ handlers }: Hand['last']) => [handlers.opened(), handlers.closed(BROKEN, '')]],
  ['hangs until it is left', (_last: Hand['last'], link: Link) => link.close()],
] as const) {
  test(`after the first ${name} twice, the second is used`, () => {
    const { first, second, open } = setUp();
    for (let i = 0; i < 2; i++) {
      const link = open();
      fail(first.last, link);
    }
    open();
    expect([first.links.length, second.links.length]).toEqual([2, 1]);
  });
}

for (const [name, work] of [
  ['brought a frame', ({ handlers }: Hand['last']) => [handlers.frame(FRAME), handlers.closed(BROKEN, '')]],
  ['was closed by the server', ({ handlers }: Hand['last']) => handlers.closed(4001, 'drain')],
] as const) {
  test(`a first that ${name} stays`, () => {
    const { first, second, open } = setUp();
    for (let i = 0; i < 5; i++) {
      open();
      work(first.last);
    }
    expect([first.links.length, second.links.length]).toEqual([5, 0]);
  });
}

test('a link says of itself what its transport says', () => {
  const { open } = setUp();
  expect(open().pulls).toBe(false);
  expect(fallen().link.pulls).toBe(true);
});

test('a second that works stays, also over the next link', () => {
  const { first, second, open } = fallen();
  second.last.handlers.closed(BROKEN, '');
  open();
  expect([first.links.length, second.links.length]).toEqual([2, 2]);
});

test('when the second brings nothing either, the first has its turn again', () => {
  const { first, second, open } = fallen();
  second.last.handlers.closed(BROKEN, '');
  open();
  second.last.handlers.closed(BROKEN, '');
  open();
  expect([first.links.length, second.links.length]).toEqual([3, 2]);
});

test('a probe over the first that is answered brings it back', () => {
  const { first, second, open, pass, closed } = fallen();
  pass(10_000);
  expect(first.links.length).toBe(3);
  first.last.handlers.opened();
  expect(first.last.said).toEqual(['ping']);
  expect(second.last.closed).toBe(false);
  first.last.handlers.frame(FRAME);
  expect([first.last.closed, second.last.closed, closed.at(-1)]).toEqual([true, true, BROKEN]);
  open();
  expect([first.links.length, second.links.length]).toEqual([4, 1]);
});

test('a probe without an answer is left after 15 s, and the next comes after five minutes', () => {
  const { first, second, pass } = fallen();
  pass(10_000);
  first.last.handlers.opened();
  pass(15_000);
  expect([first.links.length, first.last.closed, second.last.closed]).toEqual([3, true, false]);
  pass(299_000);
  expect(first.links.length).toBe(3);
  pass(1_000);
  expect(first.links.length).toBe(4);
});

test('nothing is probed once the link is closed', () => {
  const { first, link, pass } = fallen();
  link.close();
  pass(1_000_000);
  expect(first.links.length).toBe(2);
});
