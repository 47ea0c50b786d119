/** A number leads to the message because of which it is there, and goes with one step. */
import { expect, test } from 'bun:test';
import { bot, userOf, write } from './bot.ts';
import { messages, waitForText } from './chat.ts';
import { profile, signIn, signUp, startServer } from './town.ts';

const lines = (count: number, word: string) => Array.from({ length: count }, (_, i) => `${word} ${i}.`);

async function scene() {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const mara = await userOf(theo, 'mara');
  const ids: string[] = [];
  for (const title of ['Garden', 'Lake']) ids.push(await theo.createGroup(title, [mara]));
  const [garden = '', lake = ''] = ids;
  await write(theo, garden, lines(60, 'Before'));
  await theo.stored(await theo.send(garden, 'Where is @mara?', { mentions: [mara] }));
  await write(theo, garden, lines(60, 'After'));
  await write(theo, lake, ['Cold.', 'Very cold.']);
  await page.getByRole('link', { name: /^Garden.*Somebody calls you.*121 unread messages/ }).waitFor();
  await page.getByRole('link', { name: /^Lake.*2 unread messages/ }).waitFor();
  return { server, page, theo };
}

test('a device that has just come knows who calls, and the number leads there, by mouse and by keyboard', async () => {
  const { server, page } = await scene();
  const phone = await signIn(await profile(), server, { name: 'mara' });
  await phone.getByRole('link', { name: '121 unread messages. Go to where somebody calls you' }).waitFor();

  await page.getByRole('link', { name: '2 unread messages. Go to the first', exact: true }).click();
  await waitForText(page, 'Cold.');
  expect(page.url()).toEndWith('/2');
  expect(await messages(page).getByText('New messages').count()).toBe(1);
  await page.getByRole('link', { name: /^Lake/ }).filter({ hasNotText: 'unread' }).waitFor();

  await page.getByRole('link', { name: /^Lake/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Garden'));
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Go to where somebody calls you' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Garden'));
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toStartWith('121 unread');
  await page.keyboard.press('Enter');
  await waitForText(page, 'Where is @mara?');
  expect(page.url()).toMatch(/\/62$/);
  await phone.getByLabel('Somebody calls you', { exact: true }).waitFor({ state: 'detached' });
}, 60_000);

test('all is read with one step, on all devices, and the name of the tab says so', async () => {
  const { server, page } = await scene();
  const phone = await signIn(await profile(), server, { name: 'mara' });
  for (const one of [page, phone]) await one.waitForFunction(() => document.title.startsWith('(123)'));
  await page.getByRole('link', { name: /^Garden/ }).focus();
  await page.keyboard.press('Alt+Shift+R');
  await page.getByText('2 chats are read then, on all of your devices.').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('2 chats are read.').waitFor();
  for (const one of [page, phone]) {
    await one.waitForFunction(() => !document.title.startsWith('('));
    await one
      .getByRole('link', { name: /^Garden/ })
      .filter({ hasNotText: 'unread' })
      .waitFor();
    expect(await one.locator('.inbox-cause').count()).toBe(0);
  }
  await page.getByRole('button', { name: 'You', exact: false }).first().click();
  await page.getByRole('menuitem', { name: 'Mark all as read' }).click();
  await page.getByText('Nothing is unread.').waitFor();
}, 60_000);
