/** What is done to messages: each acts, and the other sees it where it stands. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { bot, userOf, write } from './bot.ts';
import { messages, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

const message = (page: Page, text: string) => messages(page).locator('.message', { hasText: text });
const choose = async (page: Page, text: string, action: string) => {
  await message(page, text).locator('.bubble').click({ button: 'right' });
  await page.getByRole('menuitem', { name: action, exact: true }).click();
};

async function library() {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const chat = await theo.openDirect(await userOf(theo, 'mara'));
  await write(theo, chat, ['first', 'Shall we meet on Monday?']);
  await page.getByRole('link', { name: /^Theo/ }).click();
  await waitForText(page, 'Shall we meet');
  return { server, page, theo, chat };
}

test('reactions stand below the message, say whose they are, and are taken back by pressing', async () => {
  const { page, theo, chat } = await library();
  await message(page, 'Monday').hover();
  await page.getByRole('button', { name: 'React', exact: true }).click();
  await page.getByRole('option', { name: 'heart', exact: true }).click();
  const own = page.getByRole('button', { name: '❤️ from you' });
  await own.waitFor();
  expect(await own.getAttribute('aria-pressed')).toBe('true');
  await theo.react(chat, 3, '❤️');
  const both = page.getByRole('button', { name: '❤️ 2 from you and Theo' });
  expect(await both.innerText()).toMatch(/2$/);
  expect(await findFaults(page)).toEqual([]);
  await both.click();
  await page.getByRole('button', { name: '❤️ from Theo' }).waitFor();
  await choose(page, 'Monday', 'React');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('option', { name: 'party popper' }).click();
  await page.getByRole('button', { name: '🎉 from you' }).waitFor();
}, 60_000);

test('the arrow up edits one’s last message, whose history can be read, and keeps the draft apart', async () => {
  const { page, theo, chat } = await library();
  await say(page, 'On Munday');
  await waitForText(page, 'On Munday');
  await page.getByRole('textbox', { name: 'Message', exact: true }).press('ArrowUp');
  const field = page.getByRole('textbox', { name: 'Edit message' });
  expect(await field.inputValue()).toBe('On Munday');
  await field.press('Escape');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('a draft');
  await choose(page, 'On Munday', 'Edit');
  await field.fill('On Monday, then');
  await field.press('Enter');
  await waitForText(page, 'On Monday, then');
  expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe('a draft');
  expect((await theo.message(chat, 4))?.entry.body?.text).toBe('On Monday, then');
  await page.getByRole('button', { name: 'edited' }).click();
  await page.getByRole('dialog').getByRole('listitem').first().waitFor();
  expect(await page.getByRole('dialog').getByRole('listitem').allInnerTexts()).toMatchObject([
    expect.stringContaining('On Monday, then'),
    expect.stringContaining('On Munday'),
  ]);
}, 60_000);

test('what is deleted is a quiet line here, in quotes and in the list, and does not come back', async () => {
  const { page, theo, chat } = await library();
  await say(page, 'a secret');
  await waitForText(page, 'a secret');
  const answer = await theo.send(chat, 'which one?', { ref: 4 });
  await theo.stored(answer);
  await message(page, 'which one').locator('.quote', { hasText: 'a secret' }).waitFor();
  await message(page, 'a secret').first().locator('.bubble').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete for everyone' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for everyone' }).click();
  await messages(page).getByText('Deleted by you').first().waitFor();
  await message(page, 'which one').locator('.quote', { hasText: 'Deleted message' }).waitFor();
  expect(await page.content()).not.toContain('a secret');
  await choose(page, 'which one', 'Delete for me');
  await message(page, 'which one').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await message(page, 'which one').waitFor();
  await theo.deleteMessage(chat, 5);
  await page.getByRole('link', { name: /Deleted by Theo/ }).waitFor();
  await page.reload();
  await messages(page).getByText('Deleted by you').first().waitFor();
  expect(await page.content()).not.toContain('which one');
}, 60_000);

test('pinned messages lead to themselves, one after the other, and a message is forwarded without a name', async () => {
  const { page, theo, chat } = await library();
  await choose(page, 'first', 'Pin');
  const bar = page.getByRole('button', { name: /^Pinned message: first/ });
  await bar.waitFor();
  await theo.pinMessage(chat, 3);
  const newer = page.getByRole('button', { name: /^Pinned message: Shall we meet/ });
  await newer.click();
  await page.locator('[data-found]', { hasText: 'Monday' }).waitFor();
  await bar.click();
  await page.locator('[data-found]', { hasText: 'first' }).waitFor();
  const choir = await theo.createGroup('Choir', [await userOf(theo, 'mara')]);
  await page.getByRole('link', { name: /^Choir/ }).waitFor();
  await choose(page, 'Monday', 'Forward');
  await page.getByRole('option', { name: 'Choir' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forward' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: /^Choir/ }).click();
  await message(page, 'Shall we meet').getByText('Forwarded').waitFor();
  expect((await theo.message(choir, 2))?.entry.body).toEqual({
    v: 1,
    text: 'Shall we meet on Monday?',
    forwarded: true,
  });
}, 60_000);
