/** Being put out, going, and what of one's own words is kept. */
import { expect, test } from 'bun:test';
import { bot, userOf } from './bot.ts';
import { cable } from './cable.ts';
import { openSettings, say, waitForText } from './chat.ts';
import { profile, signIn, signUp, startServer } from './town.ts';

const CUT = /net::ERR_|WebSocket|401/;

test('who was taken out of a group sees that, and what was being written can be copied', async () => {
  const server = await startServer();
  const page = await signUp(await profile({ permissions: ['clipboard-read', 'clipboard-write'] }), server, {
    name: 'mara',
  });
  const theo = await bot(server, 'theo');
  const mara = await userOf(theo, 'mara');
  const group = await theo.createGroup('Chess', [mara]);
  await page.getByRole('link', { name: /^Chess/ }).click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Not lost, I hope');
  await theo.removeMember(group, mara);
  await page.getByText('Theo removed you from this group.').waitFor();
  await page.getByRole('button', { name: 'Copy what you were writing' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Not lost, I hope');
}, 60_000);

test('a device that is signed out says by whom, and keeps what was not sent for the next sign-in', async () => {
  const server = await startServer();
  const line = await cable(server);
  const context = await profile();
  const page = await signUp(context, line.url, { name: 'mara', forgives: CUT });
  const theo = await bot(server, 'theo');
  await theo.createGroup('Chess', [await userOf(theo, 'mara')]);
  await page.getByRole('link', { name: /^Chess/ }).click();
  line.pull();
  await say(page, 'your move');
  await say(page, 'take your time');
  const phone = await bot(server, 'mara');
  const [other] = (await phone.devices()).filter(({ current }) => !current);
  await phone.revokeDevice(other!.id);
  line.plug();
  await page.getByText(/You were signed out on this device.* 2 unsent messages are kept here\./).waitFor();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('User name').fill('mara');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: /^Chess.*take your time/ }).click();
  await waitForText(page, 'your move');
  const seen = await bot(server, 'theo');
  expect(seen.inbox().conversations[0]!.unread).toBe(2);
}, 60_000);

test('a device that is signed out while it looks says by which', async () => {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara', forgives: CUT });
  const phone = await bot(server, 'mara');
  const [other] = (await phone.devices()).filter(({ current }) => !current);
  await phone.revokeDevice(other!.id);
  await page.getByText(/^You were signed out on this device by Mara's phone at \d\d:\d\d\.$/).waitFor();
}, 60_000);

test('signing out says what becomes of what is here', async () => {
  const server = await startServer();
  const context = await profile();
  const page = await signUp(context, server, { name: 'mara', forgives: CUT });
  await openSettings(page);
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out on this device' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Your chats stay on the server.').waitFor();
  await dialog.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('Password').waitFor();
  await page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
  const again = await signIn(context, server, { name: 'mara' });
  await again.getByRole('main').getByText('You are the first one here.').waitFor();
}, 60_000);
