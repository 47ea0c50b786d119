/** The number in the list, told by the server to a device that holds nothing. */
import { expect, test } from 'bun:test';
import type { Draft, Summary } from '../../src/protocol/entities.ts';
import { idFor, type Peer, World } from './world.ts';

let keys = 0;

async function scene() {
  const world = await World.open();
  const [mara, theo] = [await world.join('mara'), await world.join('theo')];
  const conversation = await world.group(mara, [theo]);
  const of = async (peer: Peer) => {
    const {
      unread,
      firstUnread = null,
      firstMention = null,
    } = (await peer.must('summaries', { conversations: [conversation] })).conversations[0] as Summary;
    return { unread, firstUnread, firstMention };
  };
  const say = async (peer: Peer, text: string, mentions: string[] = []) => {
    const draft = {
      kind: 'message',
      key: idFor(`unread ${keys++}`),
      baseSeq: 0,
      mentions,
      body: { v: 1, text },
    } as Draft;
    const { results } = await peer.must('send', { conversation, drafts: [draft] });
    return (results[0] as { seq: number }).seq;
  };
  return { world, mara, theo, conversation, of, say };
}

test('it leads to the first that is unread, and to the first that calls, the same for a device that has just come', async () => {
  const { world, mara, theo, conversation, of, say } = await scene();
  const first = await say(mara, 'one');
  const called = await say(mara, 'two', [theo.user]);
  const again = await say(mara, 'three', [theo.user]);
  await say(theo, 'mine');
  expect(await of(theo)).toEqual({ unread: 3, firstUnread: first, firstMention: called });
  const fresh = await world.join('theo', 'laptop', await world.server());
  expect(await of(fresh)).toEqual(await of(theo));
  await theo.must('mark', { conversation, read: called });
  expect(await of(fresh)).toEqual({ unread: 1, firstUnread: again, firstMention: again });
  expect(await of(mara)).toEqual({ unread: 1, firstUnread: again + 1, firstMention: null });
});

test('what is deleted, for everyone or on another device for oneself, neither counts nor calls', async () => {
  const { world, mara, theo, conversation, of, say } = await scene();
  const seqs = [];
  for (const text of ['one', 'two', 'three']) seqs.push(await say(mara, text, [theo.user]));
  const [one = 0, two = 0, three = 0] = seqs;
  const draft = { kind: 'deleted', key: idFor(`unread ${keys++}`), baseSeq: 0, target: one } as Draft;
  await mara.must('send', { conversation, drafts: [draft] });
  expect(await of(theo)).toEqual({ unread: 2, firstUnread: two, firstMention: two });
  const laptop = await world.join('theo', 'laptop', await world.server());
  await laptop.must('set', { key: `hide/${conversation}/${two}`, value: '1' });
  expect(await of(theo)).toEqual({ unread: 1, firstUnread: three, firstMention: three });
  await theo.must('set', { key: `hide/${conversation}/${three}`, value: '1' });
  expect(await of(laptop)).toEqual({ unread: 0, firstUnread: null, firstMention: null });
  await theo.must('set', { key: `hide/${conversation}/${two}`, value: '' });
  expect(await of(laptop)).toEqual({ unread: 1, firstUnread: two, firstMention: two });
});

test('a thousand messages of one own do not make a number, and more than 999 of others only one that has an end', async () => {
  const { theo, mara, conversation, of } = await scene();
  const many = async (peer: Peer, name: string, count: number) => {
    for (let sent = 0; sent < count; sent += 50) {
      const drafts = Array.from({ length: 50 }, (_, i) => ({
        kind: 'message' as const,
        key: `${name}${String(sent + i).padStart(20, '0')}A`,
        baseSeq: 0,
        body: { v: 1 as const, text: 'more' },
      }));
      await peer.must('send', { conversation, drafts });
    }
  };
  await many(mara, 'a', 50);
  await many(theo, 'b', 1_200);
  expect(await of(theo)).toEqual({ unread: 50, firstUnread: 2, firstMention: null });
  await many(mara, 'c', 950);
  expect(await of(theo)).toEqual({ unread: 1_000, firstUnread: null, firstMention: null });
});
