/** Finding messages with the SDK, against a whole server: at once what is held here, then what the server has. */
import { expect, test } from 'bun:test';
import { createMessenger, found, memoryStorage, parseQuery, type Search } from '../../src/client/index.ts';
import { atEnd } from '../endings.ts';
import { running, signUp } from '../server/running.ts';

const textsOf = (search: Search) => search.view().hits.map(({ entry }) => entry.body?.text);

function until(subscribe: (run: () => void) => () => void, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      stop();
      resolve();
    };
    const stop = subscribe(look);
    look();
  });
}

async function town() {
  const server = await running();
  const [mara, theo] = await Promise.all([signUp(server, 'mara'), signUp(server, 'theo')]);
  const open = async ({ token }: { token: string }) => {
    const session = { server: server.url, token } as never;
    const messenger = await createMessenger({ server: server.url, session, storage: memoryStorage() });
    atEnd(() => messenger.close());
    await messenger.caughtUp();
    return messenger;
  };
  const writer = await open(mara);
  const direct = await writer.openDirect(theo.user.user);
  const say = async (text: string) => writer.stored(await writer.send(direct, text));
  return { server, open, writer, direct, say, mara, theo };
}

test('what no device holds is found on the server, newest first and each once', async () => {
  const { open, say, mara } = await town();
  for (let i = 1; i <= 70; i++) await say(`letter ${i} about the harvest`);
  const fresh = await open(mara);
  const search = fresh.search({ query: 'rves "about the"' });
  await search.settled();
  expect([search.view().hits.length, search.view().more, search.view().failed]).toEqual([30, true, null]);
  while (search.view().more) await search.loadMore();
  expect(textsOf(search)).toEqual(Array.from({ length: 70 }, (_, i) => `letter ${70 - i} about the harvest`));
  search.close();
});

test('without a connection one finds what this device holds, and is told', async () => {
  const { server, writer, direct, say } = await town();
  await say('the violin');
  const seq = await say('the viola');
  await writer.deleteMessage(direct, seq);
  const timeline = writer.timeline(direct);
  await until(
    (run) => timeline.subscribe(run),
    () => timeline.view().items.some((item) => item.kind === 'entry' && Boolean(item.acts?.deletedBy)),
  );
  await server.stop();
  const search = writer.search({ query: 'VIOL' });
  await search.settled();
  expect(textsOf(search)).toEqual(['the violin']);
  expect(search.view().failed).toBe('offline');
});

test('of a conversation that one has left nothing is found, here or there', async () => {
  const { writer, theo } = await town();
  const group = await writer.createGroup('Choir', [theo.user.user]);
  await writer.stored(await writer.send(group, 'a word of the choir'));
  const before = writer.search({ query: 'choir' });
  await before.settled();
  expect(textsOf(before)).toEqual(['a word of the choir']);
  await writer.setRole(group, theo.user.user, 'owner');
  await writer.leave(group);
  await until(writer.subscribe, () => writer.conversation(group)?.member === false);
  const after = writer.search({ query: 'choir' });
  await after.settled();
  expect(textsOf(after)).toEqual([]);
});

test('what was found is shown in the text as it was written', () => {
  const marked = (query: string, text: string) =>
    found(parseQuery(query), text).map(({ from, to }) => text.slice(from, to));
  expect(marked('zoe', 'Zoë and Zoe\u0308')).toEqual(['Zoë', 'Zoe\u0308']);
  expect(marked('strasse b', 'Die Straße, a b c')).toEqual(['Straße', 'b']);
  expect(marked('北京 hq', '在北京的HQ')).toEqual(['北京', 'HQ']);
  expect(marked('"a b"', 'a \n b')).toEqual(['a \n b']);
  expect(marked('ana', 'banana')).toEqual(['ana']);
  expect(marked('👍', 'well 👍🏽')).toEqual(['👍']);
  expect(marked('nothing', 'here')).toEqual([]);
});
