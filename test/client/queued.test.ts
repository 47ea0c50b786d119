/** What is done to messages without a connection: shown at once, kept, sent once and in order, or taken back in words. */
import { expect, test } from 'bun:test';
import type { Timeline } from '../../src/client/api.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { UndoneAct } from '../../src/client/views.ts';
import { CHAT, FakeServer, ME, start } from './fake.ts';

async function away() {
  const server = new FakeServer();
  const storage = memoryStorage();
  server.write('text 1');
  const me = await start(server, storage);
  me.timeline(CHAT);
  await server.run();
  server.write('text 2');
  server.write('mine', { sender: ME });
  await server.run();
  server.reachable = false;
  server.drop();
  await server.run();
  return { server, storage, me };
}

const rowsOf = (timeline: Timeline) =>
  timeline.view().items.map((item) => {
    if (item.kind !== 'entry' || item.entry.kind !== 'message') return item.kind;
    const { acts } = item;
    const marks = (acts?.reactions ?? []).map(({ emoji, users }) => `${emoji}${users.length}`);
    const done = [...(acts?.editedAt ? ['edited'] : []), ...(acts?.deletedBy ? ['deleted'] : []), ...marks];
    return [item.entry.body?.text ?? null, ...done, ...(acts?.waits ? ['waits'] : [])].join(' ');
  });

test('it shows at once, in the list too, and is sent once and in order when the connection is back', async () => {
  const { server, me } = await away();
  const timeline = me.timeline(CHAT);
  await server.run();
  const done = [
    me.react(CHAT, 1, '👍'),
    me.editMessage(CHAT, 3, 'better'),
    me.pinMessage(CHAT, 2),
    me.send(CHAT, 'and this'),
    me.deleteMessage(CHAT, 3),
  ];
  await server.run();
  expect(rowsOf(timeline)).toEqual(['text 1 👍1 waits', 'text 2 waits', ' deleted waits', 'pending']);
  expect(me.conversation(CHAT)).toMatchObject({ pins: [2], last: { seq: 3, body: null }, lastDeletedBy: ME });
  expect(me.pending(CHAT).map(({ text }) => text)).toEqual(['and this']);
  server.received = [];
  server.reachable = true;
  await server.pass(60_000);
  await Promise.all(done);
  const drafts = server.said('send').flatMap(({ drafts }) => drafts);
  expect(drafts.map(({ kind }) => kind)).toEqual(['reacted', 'edited', 'pinned', 'message', 'deleted']);
  expect(rowsOf(timeline)).toEqual(['text 1 👍1', 'text 2', ' deleted', 'entry', 'and this']);
  expect(me.conversation(CHAT)?.pins).toEqual([2]);
});

test('it survives the end of the process, and is sent by the next with the same key', async () => {
  const { server, storage, me } = await away();
  void me.editMessage(CHAT, 3, 'better').catch(() => {});
  await server.run();
  await me.close();
  const again = await start(server, storage);
  const timeline = again.timeline(CHAT);
  await server.run();
  expect(rowsOf(timeline).at(-1)).toBe('better edited waits');
  server.reachable = true;
  server.script = (frame) => (frame.type === 'send' ? null : undefined);
  await server.pass(30_000);
  server.script = () => undefined;
  await server.pass(90_000);
  const keys = server.said('send').flatMap(({ drafts }) => drafts.map(({ key }: { key: string }) => key));
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(rowsOf(timeline).slice(0, 3)).toEqual(['text 1', 'text 2', 'better edited']);
  expect(await storage.range('o/', 'o0', 9)).toEqual([]);
});

test('what is refused is taken back, and said', async () => {
  const { server, storage, me } = await away();
  const timeline = me.timeline(CHAT);
  const undone: UndoneAct[] = [];
  me.on('undone', (act) => undone.push(act));
  const edit = me.editMessage(CHAT, 3, 'better').catch(({ code }) => code);
  const reaction = me.react(CHAT, 1, '🎉');
  await server.run();
  expect(rowsOf(timeline)).toEqual(['text 1 🎉1 waits', 'text 2', 'better edited waits']);
  server.script = (frame) => {
    if (frame.type !== 'send') return undefined;
    const [{ key, kind }] = frame['drafts'];
    if (kind !== 'edited') return undefined;
    const seq = server.append(CHAT, {
      sender: ME,
      key: frame['drafts'][1].key,
      kind: 'reacted',
      target: 1,
      emoji: '🎉',
    });
    const results = [
      { key, code: 'message_deleted' },
      { key: frame['drafts'][1].key, at: 1, seq },
    ];
    return { result: { results } };
  };
  server.reachable = true;
  await server.pass(30_000);
  expect(await edit).toBe('message_deleted');
  await reaction;
  const told = {
    key: expect.any(String),
    conversation: CHAT,
    seq: 3,
    kind: 'edited',
    text: 'better',
    code: 'message_deleted',
  } as const;
  expect(undone).toEqual([told]);
  expect(rowsOf(timeline)).toEqual(['text 1 🎉1', 'text 2', 'mine']);
  expect(await storage.range('o/', 'o0', 9)).toEqual([]);
});

test('what changes nothing leaves nothing behind: pins of several, and an edit of what is deleted elsewhere', async () => {
  const { server, me } = await away();
  const timeline = me.timeline(CHAT);
  const done = [me.pinMessage(CHAT, 1), me.pinMessage(CHAT, 2)];
  const edit = me.editMessage(CHAT, 3, 'better').catch(({ code }) => code);
  await server.run();
  expect(rowsOf(timeline)).toEqual(['text 1 waits', 'text 2 waits', 'better edited waits']);
  server.append(CHAT, { sender: ME, key: 'elsewhere', kind: 'deleted', target: 3 });
  server.script = (frame) => (frame.type === 'send' ? { error: { code: 'unavailable' } } : undefined);
  server.reachable = true;
  await server.pass(10_000);
  expect(rowsOf(timeline).slice(0, 3)).toEqual(['text 1 waits', 'text 2 waits', ' deleted waits']);
  server.script = (frame) => {
    if (frame.type !== 'send') return undefined;
    const results = frame['drafts'].map(({ key, ...draft }: { key: string; kind: string }) =>
      draft.kind === 'edited'
        ? { key, code: 'message_deleted' }
        : { key, at: 1, seq: server.append(CHAT, { sender: ME, key, ...draft }) },
    );
    return { result: { results } };
  };
  await server.pass(60_000);
  expect(await edit).toBe('message_deleted');
  await Promise.all(done);
  expect(rowsOf(timeline).slice(0, 3)).toEqual(['text 1', 'text 2', ' deleted']);
});
