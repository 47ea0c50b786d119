import { describe, expect, test } from 'bun:test';
import { type Actor, apply, check, emptyConversation, enter } from '../../src/core/conversation.ts';
import { found } from '../../src/core/founding.ts';
import { followStage, stageFor } from '../../src/core/request.ts';
import type { Draft, Entry, RequestStage } from '../../src/protocol/entities.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';

type Stage = RequestStage | undefined;
const id = (name: string) => `${name}${'A'.repeat(22 - name.length)}`;
const [mara, theo] = ['mara', 'theo'].map(id) as [string, string];
const actor = (user: string): Actor => ({ user, device: id('device') });
const founding = {
  key: id('key'),
  conversation: 'direct' as const,
  title: '',
  history: 'all' as const,
  members: [mara, theo].map((user) => ({ user, role: 'member' as const })),
};
const DRAFTS: Record<string, Draft> = {
  writes: { key: id('m'), kind: 'message', body: { v: 1, text: 'hello' } },
  accepts: { key: id('a'), kind: 'accepted' },
};

/** What comes of "mara writes" and the like, one after another: the stages of both, or the refusal that ended it. */
function after(acts: readonly string[], request = true) {
  let state = apply(emptyConversation(id('c')), found(actor(mara), { ...founding, request }, 1));
  const log: Entry[] = [];
  for (const act of acts) {
    const [who, what] = act.split(' ') as [string, string];
    const draft = DRAFTS[what]!;
    const refusal = check(state, actor(id(who)), draft, DEFAULT_LIMITS);
    if (refusal) return refusal.code;
    log.push(enter(state, actor(id(who)), draft, 2));
    state = apply(state, log.at(-1)!);
  }
  const stages = [mara, theo].map((user) => stageFor(state.request, user));
  const start: Stage = request ? 'open' : undefined;
  expect(
    [mara, theo].map((user) => log.reduce<Stage>((stage, entry) => followStage(stage, entry, user), start)),
  ).toEqual(stages);
  return stages;
}

const ORDINARY = [undefined, undefined];

test.each([
  [[], ['open', 'open']],
  [['mara writes'], ['sent', 'received']],
  [['theo writes'], ['received', 'sent']],
  [['mara writes', 'mara writes'], 'not_answered'],
  [['mara writes', 'theo accepts'], ORDINARY],
  [['mara writes', 'theo writes'], ORDINARY],
  [['mara writes', 'mara accepts'], 'not_asked'],
  [['theo accepts'], 'not_asked'],
  [['mara writes', 'theo accepts', 'theo accepts'], 'not_asked'],
  [['mara writes', 'theo accepts', 'mara writes', 'mara writes'], ORDINARY],
  [['mara writes', 'theo writes', 'theo writes', 'mara writes'], ORDINARY],
] as [string[], unknown][])('between strangers, after %p it is %p to the two', (acts, stages) => {
  expect(after(acts)).toEqual(stages as never);
});

describe('elsewhere', () => {
  test('nothing is a request', () => expect(after(['mara writes', 'mara writes'], false)).toEqual(ORDINARY));
  test('there is nothing to accept', () => expect(after(['mara writes', 'theo accepts'], false)).toBe('not_asked'));
});

test('what a projection already holds is not folded in twice', () => {
  const start = apply(emptyConversation(id('c')), found(actor(mara), { ...founding, request: true }, 1));
  const asked = apply(start, enter(start, actor(mara), DRAFTS.writes!, 2));
  const accepted = apply(asked, enter(asked, actor(theo), DRAFTS.accepts!, 3));
  const ahead = { ...emptyConversation(id('c')), request: accepted.request };
  expect(apply(ahead, found(actor(mara), { ...founding, request: true }, 1)).request).toEqual(accepted.request);
});

test('nobody adds a stranger, and everybody may be added by others', () => {
  const group = {
    ...founding,
    conversation: 'group' as const,
    title: 'Choir',
    members: [{ user: mara, role: 'owner' as const }],
  };
  const state = apply(emptyConversation(id('g')), found(actor(mara), group, 1));
  const added: Draft = { key: id('k'), kind: 'added', users: [theo] };
  const by = (strangers: string[]) =>
    check(state, { ...actor(mara), strangers: new Set(strangers) }, added, DEFAULT_LIMITS);
  expect([by([theo])?.code, by([]), check(state, actor(mara), added, DEFAULT_LIMITS)]).toEqual([
    'not_acquainted',
    null,
    null,
  ]);
});
