/** What one does with a message: by mouse, by finger and by keyboard it is the same list. */
import { expect, test } from 'bun:test';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { bot, userOf, write } from './bot.ts';
import { messages, say, waitForText } from './chat.ts';
import { profile, signUp, startServer } from './town.ts';

const LIST = ['Reply', 'React', 'Copy text', 'Copy link', 'Forward', 'Who and when', 'Delete for me', 'Report'];
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const strip = (page: Page) => page.getByRole('region', { name: 'Reply to' });
const message = (page: Page, text: string) =>
  page.locator('.message', { has: page.locator('.text', { hasText: text }) });

/** Wholly on the screen, and still there some frames later. */
async function inSight(locator: Locator): Promise<void> {
  await locator.waitFor();
  const log = messages(locator.page());
  await log.evaluate(async (log) => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let before = -1; before !== log.scrollTop; ) {
      before = log.scrollTop;
      for (let i = 0; i < 20; i++) await frame();
    }
  });
  const [box, room] = [await locator.boundingBox(), await log.boundingBox()];
  expect(box!.y).toBeGreaterThanOrEqual(room!.y);
  expect(box!.y + box!.height).toBeLessThanOrEqual(room!.y + room!.height);
}

async function library(options: BrowserContextOptions = {}) {
  const server = await startServer();
  const page = await signUp(await profile(options), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const group = await theo.createGroup('Library', [await userOf(theo, 'mara')]);
  await write(theo, group, ['first', 'Shall we meet on Monday?', 'last']);
  await page.getByRole('link', { name: /^Library/ }).click();
  await waitForText(page, 'last');
  return { server, page, theo, group };
}

test('the mouse answers a message, and the quote leads to it', async () => {
  const { page, theo, group } = await library();
  await message(page, 'Monday').hover();
  await page.getByRole('button', { name: 'Reply' }).click();
  await strip(page).getByText('Shall we meet').waitFor();
  await page.keyboard.type('Yes');
  await page.keyboard.press('Enter');
  const quote = message(page, 'Yes').locator('.quote');
  await quote.getByText('Shall we meet').waitFor();
  await strip(page).waitFor({ state: 'detached' });
  await write(theo, group, ['a long answer\n'.repeat(20), 'end of it']);
  await waitForText(page, 'end of it');
  await quote.click();
  await page.locator('[data-found]', { hasText: 'Monday' }).waitFor();
  await message(page, 'Monday').click({ button: 'right' });
  await page.getByRole('menuitem').first().waitFor();
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(LIST);
  await page.getByRole('menuitem', { name: 'Who and when' }).click();
  await page
    .getByRole('dialog')
    .getByText(/^Sent by Theo, \d/)
    .waitFor();
}, 60_000);

test('the keyboard goes from message to message, and a letter goes back to writing', async () => {
  const { page } = await library();
  await say(page, 'mine');
  await waitForText(page, 'mine');
  await composer(page).focus();
  // To the editing of it, and on.
  await page.keyboard.press('ArrowUp');
  await page.getByRole('textbox', { name: 'Edit message' }).waitFor();
  await page.keyboard.press('ArrowUp');
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('.text')?.firstChild?.textContent);
  expect(await focused()).toBe('mine');
  await page.keyboard.press('ArrowUp');
  expect(await focused()).toBe('last');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem').first().waitFor();
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(LIST);
  await page.keyboard.press('Enter');
  await strip(page).getByText('last').waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.keyboard.press('Escape');
  await strip(page).waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowUp');
  await page.getByRole('textbox', { name: 'Edit message' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type('words');
  expect(await composer(page).inputValue()).toBe('words');
}, 60_000);

test('a link to a message opens within the app, as often as it is followed', async () => {
  const { server, page, theo, group } = await library();
  await write(
    theo,
    group,
    Array.from({ length: 60 }, (_, i) => `more ${i}`),
  );
  await write(theo, group, [`see ${server}/5/c/${group}/2`]);
  const link = message(page, 'see').getByRole('link');
  const first = page.locator('[data-found]', { hasText: 'first' });
  await inSight(link);
  await link.click();
  await page.waitForURL(`**/0/c/${group}/2`);
  await inSight(first);
  // At once, while what is around the message is still measured.
  await page.getByRole('button', { name: /^Go to the newest/ }).click();
  await inSight(link);
  await link.click();
  await inSight(first);
}, 60_000);

test('a finger that rests opens the list, and one that pulls answers', async () => {
  const { page } = await library({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const client = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
    client.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
  const bubble = message(page, 'Monday').locator('.bubble');
  const pressed = (await bubble.boundingBox())!;
  await touch('touchStart', pressed.x + 20, pressed.y + 10);
  await page.getByRole('menuitem').first().waitFor();
  await touch('touchEnd');
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(LIST);
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
  const { x, y } = (await bubble.boundingBox())!;
  const pull = async (from: number) => {
    // All at once: on a busy machine a finger that waits for answers rests.
    await Promise.all([
      touch('touchStart', from, y + 10),
      ...[20, 40, 60, 80].map((step) => touch('touchMove', from + step, y + 10)),
      touch('touchEnd'),
    ]);
  };
  await pull(10);
  await pull(x + 20);
  await strip(page).getByText('Shall we meet').waitFor();
  expect(await messages(page).locator('.message[style*=translate]').count()).toBe(0);
}, 60_000);

const row = (page: Page) => page.locator('.inbox-row', { hasText: 'Library' });
const items = (page: Page) => page.getByRole('menuitem');
const KEPT = ['Pin to the top', 'Mute', 'Archive'];

test("a chat's row has a menu of its own for mouse and keyboard, and the focus stays where one was", async () => {
  const { page, theo, server } = await library();
  await theo.createGroup('Kitchen', [await userOf(theo, 'mara')]);
  await page.locator('.inbox-row', { hasText: 'Kitchen' }).waitFor();
  await row(page).click({ button: 'right' });
  await items(page).first().waitFor();
  expect(await items(page).allInnerTexts()).toEqual(KEPT);
  await page.getByRole('menuitem', { name: 'Mute' }).click();
  await row(page).getByLabel('Muted').waitFor();
  await row(page).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Unmute' }).waitFor();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await row(page).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.matches('.inbox-row'));
  await page.goto(`${server}/0/archived`);
  await row(page).focus();
  await page.keyboard.press('ContextMenu');
  await page.getByRole('menuitem', { name: 'Take out of the archive' }).click();
  await page.getByText('Nothing is archived.').waitFor();
  await page.waitForFunction(() => document.activeElement !== document.body);
}, 60_000);

test('a finger that rests on a row opens its menu, and the row does not open', async () => {
  const { page, theo, group } = await library({
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  });
  await page.getByRole('button', { name: 'Back', exact: true }).tap();
  await write(theo, group, ['again']);
  await row(page).getByText('again').waitFor();
  const client = await page.context().newCDPSession(page);
  const { x, y } = (await row(page).boundingBox())!;
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: x + 60, y: y + 20 }] });
  await items(page).first().waitFor();
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  expect(await items(page).allInnerTexts()).toEqual(['Go to the first unread message', 'Mark as read', ...KEPT]);
  await page.getByRole('menuitem', { name: 'Mark as read' }).tap();
  await row(page).getByText('1', { exact: true }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/0/');
}, 60_000);
