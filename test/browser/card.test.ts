/** Who somebody is whose name one presses, and how they are called. */
import { expect, test } from 'bun:test';
import { bot, userOf, write } from './bot.ts';
import { messages, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

test('a name in a group opens who it is, by pointer and by keys, and leads to a chat of two', async () => {
  const server = await startServer();
  const theo = await bot(server, 'theo');
  const page = await signUp(await profile(), server, { name: 'mara' });
  await theo.setDisplayName('Theodor von Brandt');
  const group = await theo.createGroup('Garden', [await userOf(theo, 'mara')]);
  await write(theo, group, ['Shall we meet?']);
  await page.getByRole('link', { name: /Garden/ }).click();
  await waitForText(page, 'Shall we meet?');
  const name = messages(page).getByRole('button', { name: 'Theodor von Brandt', exact: true });
  const card = page.getByRole('dialog', { name: 'Who Theodor von Brandt is' });

  await name.click();
  await card.getByText('@theo').waitFor();
  await card.getByText('online').waitFor();
  expect(await findFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });

  await page.setViewportSize({ width: 390, height: 844 });
  await name.focus();
  await page.keyboard.press('Enter');
  const leads = card.getByRole('button', { name: 'Write to Theodor von Brandt' });
  await leads.waitFor();
  const place = (await card.boundingBox())!;
  expect(place.x).toBeGreaterThanOrEqual(0);
  expect(place.x + place.width).toBeLessThanOrEqual(390);
  await leads.focus();
  await page.keyboard.press('Enter');
  await card.waitFor({ state: 'detached' });
  await page.waitForFunction((group) => !location.pathname.includes(group), group);
  await page.getByRole('heading', { name: 'Theodor von Brandt' }).waitFor();

  // What blocking does is said before, and it is taken back as easily.
  await page.goto(`${server}/0/c/${group}`);
  await name.click();
  await card.getByRole('button', { name: 'Block' }).click();
  await page.getByText('Theodor von Brandt is not told, and you can undo this').waitFor();
  expect(await findFaults(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await page.getByText('Theodor von Brandt is blocked.').waitFor();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await name.click();
  await card.getByText('You blocked Theodor von Brandt.').waitFor();
  expect(await card.getByRole('button').allInnerTexts()).toEqual(['Unblock', 'Report']);
  await card.getByRole('button', { name: 'Unblock' }).click();
  await card.waitFor({ state: 'detached' });
  await name.click();
  await card.getByRole('button', { name: 'Report' }).click();
  await page.getByRole('dialog', { name: 'Report Theodor von Brandt' }).getByText('What is wrong?').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  // Who and when of what somebody else wrote.
  const { seq } = theo.conversation(group)!.last!;
  await theo.editMessage(group, seq, 'Shall we meet on Monday?');
  await theo.react(group, seq, '👍');
  await waitForText(page, 'Shall we meet on Monday?');
  await messages(page).getByRole('button', { name: '👍 from Theodor von Brandt' }).waitFor();
  await messages(page).getByText('Shall we meet on Monday?').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Who and when' }).click();
  const info = page.getByRole('dialog', { name: 'Who and when' });
  for (const line of [/^Sent by Theodor von Brandt, /, /^Edited /, /^Read by you$/, /^👍 from Theodor von Brandt$/]) {
    await info.getByText(line).waitFor();
  }
  expect(await findFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await page.goto(`${server}/0/c/${group}/details`);
  await page
    .getByRole('listitem')
    .getByText(/^@theo · Owner/)
    .waitFor();
}, 120_000);
