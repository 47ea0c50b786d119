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

test('whoever leads a group gives it a picture, and its members see it in the list', async () => {
  const server = await startServer();
  const theo = await bot(server, 'theo');
  const mara = await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'mara' });
  const user = await userOf(theo, 'mara');
  const group = await theo.createGroup('Choir', [user]);
  await theo.setRole(group, user, 'admin');
  const row = mara.getByRole('link', { name: /^Choir/ });
  await row.click();
  await mara.getByRole('button', { name: 'Details' }).click();
  const image = { name: 'us.jpg', mimeType: 'image/jpeg', buffer: await jpeg(400, 200) };
  await mara.locator('input[type=file][aria-label="Choose a picture"]').setInputFiles(image);
  await mara.getByRole('img', { name: 'The picture, as members will see it' }).waitFor();
  await mara.getByRole('button', { name: 'Use this picture' }).click();
  await mara.locator('.profile .avatar[data-kind=group] img[data-state=shown]').waitFor();
  expect(await findFaults(mara)).toEqual([]);
  await mara.getByRole('button', { name: 'Remove picture' }).waitFor();
  await theo.setRole(group, user, 'member');
  await mara.getByRole('button', { name: 'Change picture' }).waitFor({ state: 'detached' });
  await mara.goBack();
  await mara.getByText('You changed the group’s picture').waitFor();
  await mara.goBack();
  await row.locator('.avatar img[data-state=shown]').waitFor();
  await theo.setGroupPicture(group, null);
  await row.locator('.avatar img').waitFor({ state: 'detached' });
}, 150_000);
