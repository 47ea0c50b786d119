/** The app opens where there is no connection, with what was read before. */
import { expect, test } from 'bun:test';
import { bot, userOf, write } from './bot.ts';
import { say, waitForText } from './chat.ts';
import { profile, signUp, startServer } from './town.ts';

test('without a connection a reload opens the app, and what is written there is sent later', async () => {
  const server = await startServer();
  const context = await profile({ serviceWorkers: 'allow' });
  const mara = await signUp(context, server, { name: 'mara', forgives: /ERR_INTERNET_DISCONNECTED|WebSocket/ });
  const theo = await bot(server, 'theo');
  const group = await theo.createGroup('Library', [await userOf(theo, 'mara')]);
  await write(theo, group, ['Read before']);
  await mara.getByRole('link', { name: /^Library/ }).click();
  await waitForText(mara, 'Read before');
  await mara.evaluate(() => navigator.serviceWorker.ready);

  await context.setOffline(true);
  await mara.reload();
  await waitForText(mara, 'Read before');
  await mara.getByText('Offline. What you write is sent when you are back.').waitFor();
  await say(mara, 'Written in a tunnel');
  await mara.reload();
  await mara.getByRole('img', { name: 'Waiting for connection' }).waitFor();
  // What comes with the first need is there, too.
  await mara.keyboard.press('Control+k');
  await mara.getByRole('dialog').waitFor();
  await mara.keyboard.press('Escape');

  await context.setOffline(false);
  await mara.getByRole('button', { name: /Delivered to 1 of 1/ }).waitFor();
  await mara.goto(`${server}/0/settings/account`);
  expect(await mara.evaluate(() => caches.keys())).toHaveLength(1);
}, 60_000);
