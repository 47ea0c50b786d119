/** Members of a group who are called so. */
import { expect, test } from 'bun:test';
import { idFor, World } from './world.ts';

const NAMES = ['josé garcía', 'josefa', 'noor', 'theo'];

async function scene() {
  const world = await World.open();
  for (const name of [...NAMES, 'joseph']) world.people.add(name);
  const mara = await world.join('mara');
  const create = { kind: 'group' as const, key: idFor('g'), title: 'Garden', users: NAMES.map(idFor), history: 'all' };
  const { conversation } = await mara.must('create', { create: create as never });
  const called = async (query: string, limit = 50, after: string | null = null) => {
    const { members, next } = await mara.must('members', { conversation: conversation.id, after, limit, query });
    return { names: members.map(({ user }) => NAMES.find((name) => idFor(name) === user) ?? 'mara'), next };
  };
  return { world, called };
}

test('are found by the beginning of a name or of a word in it, with or without accents and the sign before it', async () => {
  const { called } = await scene();
  for (const [query, names] of [
    ['jose', ['josefa', 'josé garcía']],
    ['JOSÉ', ['josefa', 'josé garcía']],
    ['garcia', ['josé garcía']],
    ['@th', ['theo']],
    ['eo', []],
    [' ', [...NAMES, 'mara'].sort()],
  ] as const) {
    expect((await called(query)).names.sort(), query).toEqual([...names]);
  }
});

test('come in pages, and nobody twice', async () => {
  const { called } = await scene();
  const first = await called('jos', 1);
  const second = await called('jos', 1, first.next);
  expect([...first.names, ...second.names].sort()).toEqual(['josefa', 'josé garcía']);
  const rest = second.next === null ? second : await called('jos', 1, second.next);
  expect(rest.next).toBe(null);
});
