/** What is done to messages: each acts, and the other sees it where it stands. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { bot, userOf, write } from './bot.ts';
import { type Cable, cable } from './cable.ts';
import { messages, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { openPage, profile, signUp, startServer } from './town.ts';

const message = (page: Page, text: string) => messages(page).locator('.message', { hasText: text });
const choose = async (page: Page, text: string, action: string) => {
  await message(page, text).locator('.bubble').click({ button: 'right' });
  await page.getByRole('menuitem', { name: action, exact: true }).click();
};

async function library(through?: (server: string) => Promise<string>) {
  const server = await startServer();
  const context = await profile();
  const address = through ? await through(server) : server;
  const page = await signUp(context, address, { name: 'mara', forgives: /net::ERR_|WebSocket/ });
  const theo = await bot(server, 'theo');
  const chat = await theo.openDirect(await userOf(theo, 'mara'));
  await write(theo, chat, ['first', 'Shall we meet on Monday?']);
  await page.getByRole('link', { name: /^Theo/ }).click();
  await waitForText(page, 'Shall we meet');
  return { server, context, address, page, theo, chat };
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
  const edited = new Promise((done) => theo.on('changed', done));
  await field.press('Enter');
  await waitForText(page, 'On Monday, then');
  expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe('a draft');
  await edited;
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
  // The row says what is the last now.
  await page.locator('.inbox-preview', { hasText: 'Deleted by you' }).waitFor();
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

test('without a connection what is done shows at once, survives the tab, and is sent or taken back in words', async () => {
  let line: Cable | null = null;
  const { server, context, address, page, theo, chat } = await library(async (to) => (line = await cable(to)).url);
  for (const text of ['mine', 'too late']) await say(page, text);
  await theo.caughtUp();
  const phone = await bot(server, 'mara');
  line!.pull();
  const edit = async (text: string, to: string) => {
    await choose(page, text, 'Edit');
    await page.getByRole('textbox', { name: 'Edit message' }).fill(to);
    await page.keyboard.press('Enter');
    await message(page, to).getByLabel('Waiting to be stored').waitFor();
  };
  await edit('mine', 'Mine, better');
  await choose(page, 'first', 'React');
  await page.getByRole('option', { name: 'heart', exact: true }).click();
  await page.getByRole('button', { name: '❤️ from you' }).waitFor();
  await edit('too late', 'in time?');
  await phone.deleteMessage(chat, 5);
  await page.close();
  line!.plug();
  const again = await openPage(context, `${address}/0/c/${chat}`, /net::ERR_|WebSocket/);
  await again.getByText('Your edit was not taken. This message was deleted.').waitFor();
  await again.getByRole('button', { name: 'Copy text' }).waitFor();
  await messages(again).getByText('Deleted by you').waitFor();
  await message(again, 'Mine, better').waitFor();
  await again.getByRole('button', { name: '❤️ from you' }).waitFor();
  await again.getByLabel('Waiting to be stored').waitFor({ state: 'detached' });
  await theo.caughtUp();
  expect((await theo.message(chat, 4))?.entry.body?.text).toBe('Mine, better');
}, 90_000);
