/** What people see when the network does what networks do. */
import { expect, test } from 'bun:test';
import { atEnd } from '../endings.ts';
import { cable } from './cable.ts';
import { createGroup, messages, say, shows, waitForText } from './chat.ts';
import { launch, openPage, profile, signUp, signUpAtDoor, startServer } from './town.ts';

const CUT = /net::ERR_|WebSocket/;

test('whoever loses the network is seen as gone within a minute, and comes back', async () => {
  const server = await startServer();
  const line = await cable(server);
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile(), line.url, { name: 'theo', forgives: CUT });
  await mara.getByRole('button', { name: 'New chat' }).click();
  await mara.getByRole('option', { name: 'Theo' }).click();
  await say(mara, 'Are you there?');
  await mara.getByText('online', { exact: true }).waitFor();
  line.pull();
  const began = performance.now();
  await mara
    .getByText(/^last seen/)
    .first()
    .waitFor({ timeout: 60_000 });
  expect(performance.now() - began).toBeLessThan(60_000);
  await say(mara, 'Gone?');
  await theo.getByText('Offline.').waitFor({ timeout: 60_000 });
  line.plug();
  await theo.getByRole('link', { name: /^Mara.*2 unread/ }).waitFor({ timeout: 60_000 });
  await mara.getByText('online', { exact: true }).waitFor({ timeout: 60_000 });
}, 180_000);

test('what was written without a network is sent once and in order', async () => {
  const server = await startServer();
  const line = await cable(server);
  const mara = await signUp(await profile(), line.url, { name: 'mara', forgives: CUT });
  const theo = await signUp(await profile(), server, { name: 'theo' });
  await createGroup(mara, 'Garden', 'theo');
  await say(mara, 'before');
  await theo.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(theo, 'before');
  line.pull();
  const written = Array.from({ length: 8 }, (_, i) => `offline ${i}.`);
  for (const text of written) await say(mara, text);
  await say(theo, 'meanwhile');
  await shows(theo, ['before', 'meanwhile']);
  line.plug();
  await waitForText(theo, 'offline 7.');
  await shows(theo, ['before', 'meanwhile', ...written]);
  await shows(mara, ['before', 'meanwhile', ...written]);
}, 180_000);

test('where sockets do not pass, messages do', async () => {
  const server = await startServer();
  const line = await cable(server, /upgrade: websocket/i);
  const mara = await signUp(await profile(), line.url, { name: 'mara', forgives: CUT });
  const theo = await signUp(await profile(), server, { name: 'theo' });
  await createGroup(mara, 'Garden', 'theo');
  await say(mara, 'through the wall');
  await theo.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(theo, 'through the wall');
  await say(theo, 'and back');
  await waitForText(mara, 'and back');
  for (const page of [theo, mara]) await page.getByText('2 people, 2 online').waitFor();
  await mara.close();
  await theo.getByText('2 people, 1 online').waitFor();
}, 60_000);

test('plain http on a name of the network is enough, from sign-up to the read tick', async () => {
  const server = await startServer();
  const browser = await launch('--host-resolver-rules=MAP parley.test 127.0.0.1');
  atEnd(() => browser.close());
  const address = server.replace('127.0.0.1', 'parley.test');
  const context = await profile({}, browser);
  const mara = await signUpAtDoor(context, address, { name: 'mara' });
  expect(await mara.evaluate(() => isSecureContext)).toBe(false);
  const theo = await signUpAtDoor(context, address, { name: 'theo', slot: 1 });
  await createGroup(mara, 'Garden', 'theo');
  await say(mara, 'no lock, no harm');
  await theo.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(theo, 'no lock, no harm');
  await messages(mara).locator('[data-tick=read]').waitFor();
  await theo.reload();
  await waitForText(theo, 'no lock, no harm');
}, 60_000);

test('a page that is loaded anew shows what it held, and sends what it had not sent', async () => {
  const server = await startServer();
  const line = await cable(server);
  const context = await profile();
  const mara = await signUp(context, line.url, { name: 'mara', forgives: CUT });
  const theo = await signUp(await profile(), server, { name: 'theo' });
  await createGroup(mara, 'Garden', 'theo');
  line.pull();
  await say(mara, 'held in the outbox');
  await mara.waitForFunction(isInOutbox);
  const address = mara.url();
  await mara.close();
  line.plug();
  const again = await openPage(context, address, CUT);
  await waitForText(again, 'held in the outbox');
  await theo.getByRole('link', { name: /held in the outbox/ }).waitFor();
}, 60_000);

/** Whether the page's database, and not only the page, holds a message that waits. */
async function isInOutbox(): Promise<boolean> {
  const [{ name = '' } = {}] = await indexedDB.databases();
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const keys = await new Promise<IDBValidKey[]>((resolve) => {
    const reading = db.transaction('rows').objectStore('rows').getAllKeys();
    reading.onsuccess = () => resolve(reading.result);
  });
  db.close();
  return keys.some((key) => String(key).startsWith('o/'));
}

test('a device without room says so, and sends what was written once it has some', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile(), server, { name: 'theo' });
  await createGroup(mara, 'Garden', 'theo');
  await mara.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...all) {
      if (!('room' in globalThis)) throw new DOMException('', 'QuotaExceededError');
      return put.apply(this, all);
    };
  });
  await say(mara, 'kept?');
  await mara.getByText('This device has no room left.').waitFor();
  await mara.evaluate(() => {
    Object.assign(globalThis, { room: true });
  });
  await mara.getByText('This device has no room left.').waitFor({ state: 'detached' });
  await theo.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(theo, 'kept?');
}, 60_000);
