/** Files of messages in the web app: each stands there by its name and size, and a click saves it. */
import { expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { signIn, uploadFile } from '../../src/client/index.ts';
import { bot, userOf } from './bot.ts';
import { findFaults } from './faults.ts';
import { PASSWORD, profile, signUp, startServer } from './town.ts';

test('a file that came is named, saved as it was, and gone with its message', async () => {
  const server = await startServer();
  const page = await signUp(await profile({ acceptDownloads: true }), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const { token } = await signIn({ server, name: 'theo', password: PASSWORD, device: 'second' });
  const conversation = await theo.openDirect(await userOf(theo, 'mara'));
  const name = '../Grundriss (Erdgeschoss) mit sehr vielen Anmerkungen von allen aus dem Haus.txt';
  const file = await uploadFile({ server, token, conversation, content: new Blob(['three rooms']), name });
  const seq = await theo.stored(await theo.send(conversation, '', { files: [file] }));
  await page.getByRole('link', { name: /Theo/ }).getByText('Grundriss').waitFor();
  await page.getByRole('link', { name: /Theo/ }).click();
  const button = page.getByRole('button', { name: /^Save Grundriss .* 1 kB$/ });
  await button.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toBe(name.slice(3));
  expect(await readFile(await download.path(), 'utf8')).toBe('three rooms');
  expect(await findFaults(page)).toEqual([]);
  if (process.env['LOOK']) await page.screenshot({ path: process.env['LOOK'] });
  await theo.deleteMessage(conversation, seq);
  await button.waitFor({ state: 'detached' });
});
