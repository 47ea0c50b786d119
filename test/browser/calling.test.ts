/** Whoever is called by name is proposed as one types, and chosen by keys, pointer and finger. */
import { expect, test } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { bot, userOf, write } from './bot.ts';
import { waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const offered = (page: Page) =>
  page.getByRole('listbox', { name: 'People to call' }).locator('.proposal-called').allInnerTexts();
/** What the field says of the list: who of it is marked. */
const marked = (page: Page) =>
  field(page).evaluate((one) => {
    const id = one.getAttribute('aria-activedescendant');
    return id === null ? null : (document.getElementById(id)?.textContent ?? 'nothing');
  });
const isOffered = async (page: Page, ...names: string[]) => {
  await page
    .waitForFunction(
      (names) =>
        [...document.querySelectorAll('.proposals .proposal-called')].map((one) => one.textContent).join(' ') === names,
      names.join(' '),
    )
    // What is offered instead is said below.
    .catch(() => {});
  expect(await offered(page)).toEqual(names);
};
const isClosed = (page: Page) => page.locator('.proposals').waitFor({ state: 'detached' });

async function garden(options: BrowserContextOptions = {}) {
  const server = await startServer();
  const [theo, thea, noor] = [await bot(server, 'theo'), await bot(server, 'thea'), await bot(server, 'noor')];
  await bot(server, 'thilo');
  await thea.setDisplayName('Éva');
  const context = await profile(options);
  const page = await signUp(context, server, { name: 'mara' });
  const users = await Promise.all(['mara', 'thea', 'noor'].map((name) => userOf(theo, name)));
  const chat = await theo.createGroup('Garden', users);
  await thea.caughtUp();
  await write(theo, chat, ['Shall we meet?']);
  await page.getByRole('link', { name: /Garden/ }).click();
  await waitForText(page, 'Shall we meet?');
  return { server, context, page, chat, theo, thea, noor };
}

test('members are proposed as one types, the last who spoke first, and chosen with the keys', async () => {
  const { page, chat, thea, theo } = await garden();
  await field(page).focus();
  await page.keyboard.type('Ask @');
  await isOffered(page, '@theo', '@thea', '@noor');
  await page.keyboard.type('th');
  await isOffered(page, '@theo', '@thea');
  expect(await marked(page)).toBe('Theo@theo');
  expect(await page.getByRole('status').allInnerTexts()).toContainEqual(expect.stringMatching(/^2 people\./));
  expect(await findFaults(page)).toEqual([]);

  // Who speaks while it is open comes first.
  await write(thea, chat, ['I could']);
  await isOffered(page, '@thea', '@theo');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() =>
    document.querySelector('.proposals [aria-selected=true]')?.textContent?.includes('Theo'),
  );
  expect(await marked(page)).toBe('Theo@theo');
  await page.keyboard.press('Enter');
  await isClosed(page);
  expect(await field(page).inputValue()).toBe('Ask @theo ');
  expect(await marked(page)).toBe(null);

  // By the display name, without its accent; the browser's own undo takes it back.
  await page.keyboard.type('or @eva');
  await isOffered(page, '@thea');
  await page.keyboard.press('Tab');
  expect(await field(page).inputValue()).toBe('Ask @theo or @thea ');
  await page.keyboard.press('Control+z');
  expect(await field(page).inputValue()).toMatch(/^Ask @theo or @/);
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.type('today');

  const said = new Promise<readonly string[]>((done) =>
    theo.on('message', ({ entry }) => {
      if (entry.kind === 'message' && entry.body?.text.startsWith('Ask')) done(entry.mentions ?? []);
    }),
  );
  await page.keyboard.press('Enter');
  await waitForText(page, 'Ask @theo or @thea today');
  expect([...(await said)].sort()).toEqual([theo.user, thea.user].sort());
}, 90_000);

test('it stays out of the way: Escape, addresses, a name that is written, the middle of a text', async () => {
  const { page } = await garden();
  await field(page).focus();
  await page.keyboard.type('@th');
  await isOffered(page, '@theo', '@thea');
  await page.keyboard.press('Escape');
  await isClosed(page);
  await page.keyboard.type('e');
  expect(await offered(page)).toEqual([]);
  expect(await field(page).inputValue()).toBe('@the');
  await page.keyboard.type(' mail theo@th');
  expect(await offered(page)).toEqual([]);

  // The whole name leaves nobody to propose, so that Enter sends.
  await field(page).fill('');
  await page.keyboard.type('@noo');
  await isOffered(page, '@noor');
  await page.keyboard.type('r');
  await isClosed(page);
  await page.keyboard.press('Enter');
  await waitForText(page, '@noor');
  expect(await field(page).inputValue()).toBe('');

  await page.keyboard.type('Tomorrow we all go');
  for (let i = 0; i < 'we all go'.length; i++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('@no');
  await isOffered(page, '@noor');
  await page.keyboard.press('Enter');
  expect(await field(page).inputValue()).toBe('Tomorrow @noor we all go');
  await page.keyboard.type('and ');
  expect(await field(page).inputValue()).toBe('Tomorrow @noor and we all go');

  // Leaving it with the caret closes it, and coming back does not open it.
  await page.keyboard.type('@no');
  await isOffered(page, '@noor');
  await page.keyboard.press('Home');
  await isClosed(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await offered(page)).toEqual([]);

  // Also where one changes what one has said.
  await field(page).fill('');
  await field(page).press('ArrowUp');
  const edit = page.getByRole('textbox', { name: 'Edit message' });
  await edit.press('End');
  await page.keyboard.type(' and @the');
  await isOffered(page, '@theo', '@thea');
  await page.keyboard.press('Escape');
  await isClosed(page);
  expect(await edit.inputValue()).toBe('@noor and @the');
}, 90_000);

test('a finger chooses on a phone, and the field keeps the focus', async () => {
  const { page } = await garden({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await field(page).tap();
  await page.keyboard.type('@');
  await isOffered(page, '@theo', '@thea', '@noor');
  const place = (await page.locator('.proposals').boundingBox())!;
  expect(place.x).toBeGreaterThanOrEqual(0);
  expect(place.x + place.width).toBeLessThanOrEqual(390);
  expect(place.y + place.height).toBeLessThanOrEqual((await field(page).boundingBox())!.y);
  expect((await page.getByRole('option').first().boundingBox())!.height).toBeGreaterThanOrEqual(44);
  expect(await findFaults(page)).toEqual([]);
  await page.getByRole('option', { name: /Éva/ }).tap();
  await isClosed(page);
  expect(await field(page).inputValue()).toBe('@thea ');
  expect(await field(page).evaluate((one) => one === document.activeElement)).toBe(true);
}, 90_000);
