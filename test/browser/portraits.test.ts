/** One's own picture: chosen, seen by others, changed and taken away. */
import { expect, test } from 'bun:test';
import { jpeg, pdf } from '../media/hostile.ts';
import { bot, userOf, write } from './bot.ts';
import { openSettings } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

test('a picture is chosen and looked at before it is used, seen by others, and taken away', async () => {
  const server = await startServer();
  const theo = await bot(server, 'theo');
  const mara = await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'mara' });
  const chat = await theo.openDirect(await userOf(theo, 'mara'));
  await write(theo, chat, ['hello']);
  await openSettings(mara);
  await mara.getByRole('link', { name: 'Account' }).click();
  const input = mara.locator('input[type=file]');

  await input.setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(pdf) });
  await mara.getByText('This picture could not be read.').waitFor();

  await input.setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: await jpeg(400, 200) });
  const preview = mara.getByRole('img', { name: 'Your picture, as others will see it' });
  await preview.waitFor();
  // The middle of it, as a square.
  await mara.waitForFunction(() => document.querySelector<HTMLImageElement>('.picture-preview')?.naturalWidth === 200);
  expect(await findFaults(mara)).toEqual([]);
  await mara.getByRole('button', { name: 'Use this picture' }).click();
  await mara.locator('.profile .avatar img[data-state=shown]').waitFor();
  await mara.getByRole('button', { name: 'Change picture' }).waitFor();

  const other = await signUp(await profile(), server, { name: 'ines' });
  const ines = await bot(server, 'ines');
  await write(ines, await ines.openDirect(await userOf(ines, 'mara')), ['hello']);
  const shown = other.getByRole('link', { name: /^Mara/ }).locator('.avatar');
  await shown.locator('img[data-state=shown]').waitFor();

  await mara.getByRole('button', { name: 'Remove picture' }).click();
  await mara.getByRole('button', { name: 'Choose a picture' }).waitFor();
  expect(await mara.locator('.profile .avatar img').count()).toBe(0);
  expect((await ines.people('mara')).people[0]).not.toHaveProperty('picture');
}, 150_000);
