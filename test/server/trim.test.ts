import { expect, test } from 'bun:test';
import type { CommandName, Request, Result } from '../../src/protocol/commands.ts';
import { openLevelStore } from '../../src/store/leveldb.ts';
import { atEnd, folder } from '../endings.ts';
import { idFor, World } from './world.ts';

test('a feed is trimmed on disk, too, and what was in it is listed afresh', async () => {
  const store = await openLevelStore({ folder: folder() });
  const world = await World.open({ store, feedKept: 5 });
  atEnd(async () => {
    await world.node.stop();
    await store.close();
  });
  const session = { user: idFor('mara'), device: idFor('mara/phone') };
  const must = async <N extends CommandName>(type: N, request: Request<N>): Promise<Result<N>> => {
    const reply = await world.node.execute(session, { id: 1, type, ...request });
    if ('error' in reply) throw new Error(reply.error.code);
    return reply.result as Result<N>;
  };
  const { conversation } = await must('create', { create: { kind: 'self' } });
  await must('set', { key: `pin/${conversation.id}`, value: '1' });
  const pull = () => must('feed', { position: { epoch: 1, seq: 0 }, limit: 50 });
  for (let i = 0; !(await pull()).snapshot; i++) {
    await must('set', { key: `mute/${conversation.id}`, value: i % 2 ? '1' : '' });
  }
  // Fan-out gathers for some milliseconds.
  await world.clock.pass(200);
  let listed: Result<'conversations'>;
  do listed = await must('conversations', { after: null, limit: 9 });
  while (listed.conversations.length === 0);
  expect(listed.conversations.map(({ id }) => id)).toEqual([conversation.id]);
  expect((await store.read(`f/${session.user}`, 1, 1)).floor).toBeGreaterThan(0);
  const { settings } = await must('settings', { after: '', limit: 9 });
  expect(settings.map(({ key }) => key)).toEqual([`mute/${conversation.id}`, `pin/${conversation.id}`]);
  const position = { epoch: listed.epoch, seq: listed.feedHead };
  expect((await must('feed', { position, limit: 9 })).snapshot).toBe(false);
});
