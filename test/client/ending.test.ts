/** What a device keeps of a chat that has ended: nothing, also of what was written here and never sent. */
import { expect, test } from 'bun:test';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import { CHAT, FakeServer, start, YOU } from './fake.ts';

const WORD = 'xyzzyunsent';

test('what was begun, chosen, queued, refused or under way goes with it, and does not come back', async () => {
  const server = new FakeServer();
  const storage = memoryStorage();
  const kept = async () => JSON.stringify(await storage.range('', '\uffff', 10_000));
  const me = await start(server, storage);
  server.write('hello');
  await server.run();
  const unanswered: string[] = ['set', 'send'];
  server.script = (frame) => (unanswered.includes(frame.type) ? { error: { code: 'unavailable' } } : undefined);
  me.draft(CHAT, `${WORD} draft`);
  void me.send(CHAT, `${WORD} message`);
  void me.stage(CHAT, [{ content: new Blob([WORD]), name: `${WORD}.txt` }]);
  me.editMessage(CHAT, 1, `${WORD} edit`).catch(() => {});
  await server.pass(3_000);
  const held = await kept();
  for (const what of ['draft', 'message', '.txt', 'edit']) expect(held).toMatch(new RegExp(`${WORD} ?${what}`));
  server.append(CHAT, { kind: 'ended', sender: YOU, key: 'end' });
  server.script = (frame) => (unanswered.includes(frame.type) ? { error: { code: 'conversation_ended' } } : undefined);
  await server.pass(60_000);
  expect([await kept().then((text) => text.includes(WORD)), await storage.blobs.keys()]).toEqual([false, []]);
  expect([me.pending(CHAT), me.staged(CHAT), me.conversation(CHAT)?.draft]).toEqual([[], [], '']);
  await me.close();

  // What an earlier version left, or a crash, goes as the app is opened.
  await storage.write([{ kind: 'put', key: `d/${CHAT}`, value: WORD }]);
  const again = await start(server, storage);
  await server.pass(1_000);
  expect(await kept()).not.toContain(WORD);
  await again.close();
});
