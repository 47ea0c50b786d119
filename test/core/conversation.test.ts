import { describe, expect, test } from 'bun:test';
import {
  type Actor,
  apply,
  type Conversation,
  check,
  currentMembers,
  emptyConversation,
  enter,
  joinedAt,
  maySee,
  peerOf,
  roleOf,
} from '../../src/core/conversation.ts';
import { found } from '../../src/core/founding.ts';
import type { Draft, HistoryRule } from '../../src/protocol/entities.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';

const id = (name: string) => `${name}${'A'.repeat(22 - name.length)}`;
const [mara, theo, ines, noor] = ['mara', 'theo', 'ines', 'noor'].map(id) as [string, string, string, string];
const actor = (user: string): Actor => ({ user, device: id('device') });
const key = id('key');
const text = (words: string): Draft => ({ key, kind: 'message', body: { v: 1, text: words } });

function group(history: HistoryRule = 'joined'): Conversation {
  const members = [
    { user: mara, role: 'owner' as const },
    { user: theo, role: 'admin' as const },
    { user: ines, role: 'member' as const },
  ];
  const founding = { key, conversation: 'group' as const, title: ' Choir ', history, members };
  return apply(emptyConversation(id('c')), found(actor(mara), founding, 1_000));
}

function after(state: Conversation, user: string, draft: Draft, now = 2_000): Conversation {
  expect(check(state, actor(user), draft, DEFAULT_LIMITS)).toBeNull();
  return apply(state, enter(state, actor(user), draft, now));
}

const refusal = (state: Conversation, user: string, draft: Draft) =>
  check(state, actor(user), draft, DEFAULT_LIMITS)?.code ?? null;

describe('a new group', () => {
  test('has its founder as owner and a trimmed title', () => {
    expect(roleOf(group(), mara)).toBe('owner');
    expect(group().title).toBe('Choir');
  });
  test('counts its members', () => expect(group().memberCount).toBe(3));
  test('begins at seq 1 with no message', () => {
    expect([group().head, group().ordinal, group().lastMessage]).toEqual([1, 0, 0]);
  });
  test('is closed to strangers, who learn nothing', () => expect(refusal(group(), noor, text('hi'))).toBe('not_found'));
});

describe('messages', () => {
  test('are numbered and counted', () => {
    const state = after(after(group(), mara, text('one')), theo, text('two'));
    expect([state.head, state.ordinal, state.lastMessage]).toEqual([3, 2, 3]);
  });
  test('never go back in log time', () => {
    const state = after(after(group(), mara, text('one'), 5_000), theo, text('two'), 3_000);
    expect(state.at).toBe(5_000);
  });
  test('of nothing but space are empty', () => expect(refusal(group(), mara, text(' \n'))).toBe('empty'));
  test('of exactly 16 KiB are taken', () => expect(refusal(group(), mara, text('é'.repeat(8_192)))).toBeNull());
  test('of one byte more are too long', () => {
    expect(refusal(group(), mara, text(`${'é'.repeat(8_192)}a`))).toBe('too_long');
  });
  test('answer only what is there', () => {
    expect(refusal(group(), mara, { ...text('re'), ref: 9 } as Draft)).toBe('not_found');
  });
  test('keep what they answer and whom they mention', () => {
    const entry = enter(group(), actor(mara), { ...text('re'), ref: 1, mentions: [theo] } as Draft, 0);
    expect(entry).toMatchObject({ ref: 1, mentions: [theo] });
  });
});

describe('membership', () => {
  const added: Draft = { key, kind: 'added', users: [noor] };
  test('an admin adds', () => expect(roleOf(after(group(), theo, added), noor)).toBe('member'));
  test('a member does not', () => expect(refusal(group(), ines, added)).toBe('not_allowed'));
  test('nobody is added twice', () => {
    expect(refusal(group(), mara, { key, kind: 'added', users: [ines] })).toBe('already_member');
  });
  test('those who are members already are left out of the entry', () => {
    const entry = enter(group(), actor(mara), { key, kind: 'added', users: [ines, noor] }, 0);
    expect(entry).toMatchObject({ users: [noor] });
  });
  test('a full group takes nobody', () => {
    expect(check(group(), actor(mara), added, { ...DEFAULT_LIMITS, groupMembers: 3 })?.code).toBe('too_many_members');
  });
  test('an owner removes an admin', () => {
    expect(roleOf(after(group(), mara, { key, kind: 'removed', user: theo }), theo)).toBeNull();
  });
  test('an admin removes a member but no owner', () => {
    expect(refusal(group(), theo, { key, kind: 'removed', user: ines })).toBeNull();
    expect(refusal(group(), theo, { key, kind: 'removed', user: mara })).toBe('not_allowed');
  });
  test('nobody removes oneself; one leaves', () => {
    expect(refusal(group(), mara, { key, kind: 'removed', user: mara })).toBe('not_allowed');
    expect(roleOf(after(group(), ines, { key, kind: 'left' }), ines)).toBeNull();
  });
  test('the last owner stays while others are there', () => {
    expect(refusal(group(), mara, { key, kind: 'left' })).toBe('last_owner');
  });
  test('the last owner may leave an otherwise empty group', () => {
    let state = after(group(), theo, { key, kind: 'left' });
    state = after(state, ines, { key, kind: 'left' });
    expect(refusal(state, mara, { key, kind: 'left' })).toBeNull();
  });
  test('whoever has left is told so', () => {
    expect(refusal(after(group(), ines, { key, kind: 'left' }), ines, text('hi'))).toBe('not_member');
  });
  test('only an owner gives roles', () => {
    const draft: Draft = { key, kind: 'role', user: ines, role: 'admin' };
    expect(refusal(group(), theo, draft)).toBe('not_allowed');
    expect(roleOf(after(group(), mara, draft), ines)).toBe('admin');
  });
  test('the last owner cannot step down', () => {
    expect(refusal(group(), mara, { key, kind: 'role', user: mara, role: 'member' })).toBe('last_owner');
  });
  test('a role for a stranger is refused', () => {
    expect(refusal(group(), mara, { key, kind: 'role', user: noor, role: 'admin' })).toBe('not_found');
  });
  test('an admin renames, a member does not', () => {
    const draft: Draft = { key, kind: 'renamed', title: 'Bakery' };
    expect(after(group(), theo, draft).title).toBe('Bakery');
    expect(refusal(group(), ines, draft)).toBe('not_allowed');
  });
  test('an admin gives it a picture and takes it away, a member does neither', () => {
    const draft: Draft = { key, kind: 'pictured', picture: key };
    const given = after(group(), theo, draft);
    expect(given.picture).toBe(key);
    expect(after(given, theo, { ...draft, picture: null }).picture).toBeNull();
    for (const picture of [key, null]) expect(refusal(given, ines, { ...draft, picture })).toBe('not_allowed');
  });
  test('a title of space is empty, one of 257 bytes too long', () => {
    expect(refusal(group(), mara, { key, kind: 'renamed', title: ' ' })).toBe('empty');
    expect(refusal(group(), mara, { key, kind: 'renamed', title: 'a'.repeat(257) })).toBe('too_long');
  });
});

describe('who may see what', () => {
  test('a newcomer sees from joining on', () => {
    const state = after(after(group(), mara, text('before')), mara, { key, kind: 'added', users: [noor] });
    expect([maySee(state, noor, 2), maySee(state, noor, 3)]).toEqual([false, true]);
  });
  test('a newcomer sees all where the group shows its history', () => {
    const state = after(after(group('all'), mara, text('before')), mara, { key, kind: 'added', users: [noor] });
    expect(maySee(state, noor, 2)).toBe(true);
  });
  test('whoever left sees nothing more', () => {
    expect(maySee(after(group(), ines, { key, kind: 'left' }), ines, 1)).toBe(false);
  });
  test('whoever comes back sees both times and not what was between', () => {
    let state = after(group(), ines, { key, kind: 'left' });
    state = after(state, mara, text('between'));
    state = after(state, mara, { key, kind: 'added', users: [ines] });
    expect([1, 2, 3, 4].map((seq) => maySee(state, ines, seq))).toEqual([true, true, false, true]);
    expect(joinedAt(state.members.get(ines)!)).toBe(4);
  });
});

describe('direct', () => {
  const direct = apply(
    emptyConversation(id('d')),
    found(
      actor(mara),
      {
        key,
        conversation: 'direct',
        title: '',
        history: 'all',
        members: [
          { user: mara, role: 'member' },
          { user: theo, role: 'member' },
        ],
      },
      0,
    ),
  );
  test('each is the other one of the other', () => {
    expect([peerOf(direct, mara), peerOf(direct, theo)]).toEqual([theo, mara]);
  });
  test('has no one to add, remove, or rename', () => {
    expect(refusal(direct, mara, { key, kind: 'added', users: [noor] })).toBe('not_allowed');
    expect(refusal(direct, mara, { key, kind: 'left' })).toBe('not_allowed');
    expect(refusal(direct, mara, { key, kind: 'renamed', title: 'x' })).toBe('not_allowed');
    expect(refusal(direct, mara, { key, kind: 'pictured', picture: key })).toBe('not_allowed');
  });
});

describe('the fold', () => {
  test('refuses a gap as a bug', () => {
    const entry = { ...enter(group(), actor(mara), text('x'), 0), seq: 9 };
    expect(() => apply(group(), entry)).toThrow('entry 9 follows 1');
  });
  test('does not change the state it starts from', () => {
    const state = group();
    after(state, mara, { key, kind: 'added', users: [noor] });
    expect(currentMembers(state)).toEqual([mara, theo, ines]);
  });
  test('does not fold in twice what a projection already holds', () => {
    const state = group();
    const entry = enter(state, actor(mara), { key, kind: 'added', users: [noor] }, 0);
    const ahead = { ...state, members: apply(state, entry).members };
    expect(apply(ahead, entry).members.get(noor)?.intervals).toHaveLength(1);
  });
  test('shows a newcomer to an open history all of it, and knows when they came', () => {
    const state = after(group('all'), mara, text('before you came'));
    const joined = after(state, mara, { key, kind: 'added', users: [noor] });
    expect(maySee(joined, noor, 1)).toBe(true);
    expect(joinedAt(joined.members.get(noor)!)).toBe(joined.head);
  });
  test('is a channel from 257 members on, for ever', () => {
    const users = Array.from({ length: 254 }, (_, i) => id(`u${i}`));
    const big = after(group(), mara, { key, kind: 'added', users });
    expect([group().channel, big.channel, big.memberCount]).toEqual([false, true, 257]);
    expect(after(big, mara, { key, kind: 'removed', user: users[0]! }).channel).toBe(true);
  });
});
