/** Where one reads is where one stays, whatever comes, goes or is loaded. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { bot, userOf, write } from './bot.ts';
import { messages, say, texts, waitForText } from './chat.ts';
import { openPage, profile, signUp, startServer } from './town.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `No ${from + i}. ${'word '.repeat((from + i) % 40)}`.trim());

/** Mara's page on a group in which Theo, who is a program, has written 300 messages that she has read. */
async function library(read = true) {
  const server = await startServer();
  const context = await profile();
  const page = await signUp(context, server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const group = await theo.createGroup('Library', [await userOf(theo, 'mara')]);
  await write(theo, group, numbered(0, 300));
  await page.getByRole('link', { name: /^Library/ }).waitFor();
  if (read) {
    const phone = await bot(server, 'mara');
    phone.markRead(group, phone.conversation(group)!.head);
    await page
      .getByRole('link', { name: /^Library/ })
      .filter({ hasNotText: 'unread' })
      .waitFor();
  }
  await page.getByRole('link', { name: /^Library/ }).click();
  await messages(page).locator('.text').first().waitFor();
  return { server, context, page, theo, group };
}

/** Where the message with this text is on the screen, in pixels from the top of the timeline; null when it is not. */
function topOf(page: Page, text: string): Promise<number | null> {
  return page.evaluate((text) => {
    const log = document.querySelector('[role=log]')!;
    const found = [...log.querySelectorAll('.text')].find(({ textContent }) => textContent?.startsWith(text));
    return found ? found.getBoundingClientRect().top - log.getBoundingClientRect().top : null;
  }, text);
}

/** The first message that is wholly on the screen. */
function firstShown(page: Page): Promise<string> {
  return page.evaluate(() => {
    const log = document.querySelector('[role=log]')!;
    const top = log.getBoundingClientRect().top;
    const found = [...log.querySelectorAll('.text')].find((text) => text.getBoundingClientRect().top >= top);
    return /^No \d+\./.exec(found?.textContent ?? '')?.[0] ?? '';
  });
}

async function stands(page: Page, text: string, before: number): Promise<void> {
  const after = await topOf(page, text);
  expect(after).not.toBeNull();
  expect(Math.abs(after! - before)).toBeLessThanOrEqual(1);
}

const wheel = async (page: Page, pixels: number) => {
  await messages(page).hover();
  await page.mouse.wheel(0, pixels);
};
/** Nothing moves any more, and the address tells where one is. */
async function rests(page: Page): Promise<void> {
  await page.waitForURL(/\/c\/[\w-]+\/\d+$/);
  await messages(page).evaluate(async (log) => {
    const frame = () => new Promise(requestAnimationFrame);
    const place = () => `${log.scrollTop} ${location.href} ${JSON.stringify(history.state)}`;
    for (let before = place(), still = 0; still < 30; still++) {
      await frame();
      if (place() !== before) [before, still] = [place(), 0];
    }
  });
}

test('at the end it follows; away from it nothing moves, and the button tells how many came', async () => {
  const { page, theo, group } = await library();
  await waitForText(page, 'No 299.');
  await write(theo, group, ['followed']);
  await waitForText(page, 'followed');
  await wheel(page, -900);
  await rests(page);
  const shown = await firstShown(page);
  const before = (await topOf(page, shown))!;
  await write(theo, group, ['one', 'two', 'three']);
  const button = page.getByRole('button', { name: 'Go to the newest message, 3 new' });
  await button.waitFor();
  await stands(page, shown, before);
  await button.click();
  await waitForText(page, 'three');
  await button.waitFor({ state: 'detached' });
  await page.waitForURL(/\/c\/[\w-]+$/);
  await write(theo, group, ['four']);
  await waitForText(page, 'four');
}, 60_000);

test('a window that is turned stays at the end', async () => {
  const { page } = await library();
  await waitForText(page, 'No 299.');
  for (const [width, height] of [
    [844, 390],
    [390, 844],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.waitForFunction(() => {
      const log = document.querySelector('[role=log]')!;
      return log.scrollHeight - log.scrollTop - log.clientHeight < 8 && !document.querySelector('.jump');
    });
  }
}, 60_000);

test('older messages come above without a jump', async () => {
  const { page } = await library();
  await waitForText(page, 'No 299.');
  const moves: number[] = [];
  while (!(await messages(page).getByText('No 0.').count()) && moves.length < 100) moves.push(await scrollUp(page));
  await waitForText(page, 'No 0.');
  // Half pixels of two roundings.
  expect(moves.filter((move) => move > 2)).toEqual([]);
}, 90_000);

/** Scrolls, and tells how far what is in the middle then moves by itself, at most, while more is loaded and measured. */
function scrollUp(page: Page): Promise<number> {
  return messages(page).evaluate(async (log) => {
    const frame = () => new Promise(requestAnimationFrame);
    log.scrollBy(0, -300);
    await frame();
    await frame();
    const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
    const seen = [...log.querySelectorAll('.text')].find((text) => text.getBoundingClientRect().bottom > middle)!;
    const name = /^No \d+\./.exec(seen.textContent ?? '')?.[0] ?? 'none';
    const first = seen.getBoundingClientRect().top;
    let most = 0;
    for (let frames = 0; frames < 10; frames++) {
      await frame();
      const now = [...log.querySelectorAll('.text')].find(({ textContent }) => textContent?.startsWith(name));
      most = Math.max(most, Math.abs((now?.getBoundingClientRect().top ?? 1e6) - first));
    }
    return most;
  });
}

test('a conversation opens at what is unread, with the line in sight below the day', async () => {
  const { page } = await library(false);
  const line = page.getByText('New messages');
  await line.waitFor();
  const top = (await line.boundingBox())!;
  for (const day of await page.locator('.day span').all()) {
    const { y, height } = (await day.boundingBox())!;
    expect(y + height <= top.y || y >= top.y + top.height).toBe(true);
  }
  expect((await texts(page))[0]).toStartWith('No 0.');
}, 60_000);

test('a page that is loaded anew shows the same place', async () => {
  const { page } = await library();
  await waitForText(page, 'No 299.');
  for (let i = 0; i < 8; i++) await wheel(page, -600);
  await rests(page);
  const shown = await firstShown(page);
  const before = (await topOf(page, shown))!;
  await page.reload();
  await waitForText(page, shown);
  await rests(page);
  await stands(page, shown, before);
}, 60_000);

test('another conversation and back is the same place', async () => {
  const { page, theo } = await library();
  const direct = await theo.openDirect(await userOf(theo, 'mara'));
  await write(theo, direct, ['hello']);
  await wheel(page, -900);
  await rests(page);
  const shown = await firstShown(page);
  const before = (await topOf(page, shown))!;
  await page.keyboard.press('Alt+ArrowUp');
  await waitForText(page, 'hello');
  await page.keyboard.press('Alt+ArrowDown');
  await waitForText(page, shown);
  await rests(page);
  await stands(page, shown, before);
  await page.keyboard.press('Escape');
  await waitForText(page, 'No 299.');
}, 60_000);

test('the address of a message leads to it, from outside and from inside', async () => {
  const { server, context, page, group } = await library();
  const other = await openPage(context, `${server}/0/c/${group}/43`);
  // The first entry of the log says that the group was created.
  await waitForText(other, 'No 41.');
  expect(await other.locator('[data-found] .text').innerText()).toStartWith('No 41.');
  await rests(other);
  const height = await messages(other).evaluate(({ clientHeight }) => clientHeight);
  expect(await topOf(other, 'No 41.')).toBeGreaterThan(height * 0.2);
  expect(await topOf(other, 'No 41.')).toBeLessThan(height * 0.8);
  await other.close();
  await waitForText(page, 'No 299.');
  await page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, `/0/c/${group}/102`);
  await waitForText(page, 'No 100.');
  await page.goBack();
  await page.goForward();
  await waitForText(page, 'No 100.');
}, 60_000);

test('writing goes to the end, wherever one was', async () => {
  const { page } = await library();
  await wheel(page, -3_000);
  await rests(page);
  await say(page, 'here I am');
  await waitForText(page, 'here I am');
}, 60_000);

test('what was not on the screen is not read, however tall what stands before it', async () => {
  const { page, theo, group } = await library();
  await page.goBack();
  await page.setViewportSize({ width: 390, height: 844 });
  await write(theo, group, ['tall '.repeat(400), ...Array.from({ length: 30 }, (_, i) => `Short ${i}.`)]);
  await page.goto(new URL('/0/', page.url()).href);
  await page.getByRole('link', { name: /^Library.*31 unread/ }).click();
  await waitForText(page, 'Short 0.');
  const last = await messages(page)
    .locator('.message')
    .evaluateAll((all) => {
      const { bottom } = document.querySelector('[role=log]')!.getBoundingClientRect();
      const seen = all.findLast(
        (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().bottom <= bottom,
      );
      return Number(/Short (\d+)\./.exec(seen?.textContent ?? '')?.[1]);
    });
  expect(last).toBeLessThan(15);
  await page.goBack();
  const row = await page.getByRole('link', { name: /^Library.* unread/ }).innerText();
  // The one that shows its half may count.
  expect(Number(/(\d+) unread/.exec(row)?.[1])).toBeGreaterThanOrEqual(31 - (last + 2) - 1);
}, 60_000);
