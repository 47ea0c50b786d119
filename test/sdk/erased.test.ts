/** What the file of a bot still says of what others have deleted: nothing. */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMessenger, type Storage } from '../../src/client/index.ts';
import { fileStorage } from '../../src/client/storage/file.ts';
import { atEnd, folder } from '../endings.ts';
import { running, signUp } from '../server/running.ts';

test('words that were deleted, with their edits and what was begun, are in no byte of the file', async () => {
  const server = await running();
  const path = join(folder(), 'bot.replica');
  const open = async (name: string, storage?: Storage) => {
    const { user, device, token } = await signUp(server, name);
    const session = { user: user.user, device, token };
    const messenger = await createMessenger({ server: server.url, session, ...(storage ? { storage } : {}) });
    atEnd(() => messenger.close());
    await messenger.caughtUp();
    return messenger;
  };
  const theo = await open('theo', await fileStorage(path, { erasedMs: 1 }));
  const mara = await open('mara');
  const held = () =>
    ['said', 'edit', 'begun', 'kept'].filter((word) => readFileSync(path, 'utf8').includes(`xyzzy ${word}`));
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => (isSo() ? resolve() : void setTimeout(look, 5));
      look();
    });
  const chat = await mara.openDirect(theo.user);
  const seq = await mara.stored(await mara.send(chat, 'xyzzy said'));
  await mara.editMessage(chat, seq, 'xyzzy edit');
  await until(() => theo.conversation(chat) !== null);
  theo.draft(chat, 'xyzzy begun');
  await until(() => held().length === 3);
  theo.draft(chat, '');
  await mara.deleteMessage(chat, seq);
  await mara.stored(await mara.send(chat, 'xyzzy kept'));
  await until(() => held().join() === 'kept');
  await theo.close();
  expect(held()).toEqual(['kept']);
});
