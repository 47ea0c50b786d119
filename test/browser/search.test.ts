/** Finding messages: as one types, narrowed down, by keyboard, on a phone, and without a connection. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { bot, userOf, write } from './bot.ts';
import { waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

const PICTURES = process.env['PARLEY_PICTURES'];
const picture = async (page: Page, name: string) => {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png` });
};

async function town(options: Parameters<typeof profile>[0] = {}, forgives?: RegExp) {
  const server = await startServer();
  const context = await profile(options);
  const page = await signUp(context, server, { name: 'mara', ...(forgives ? { forgives } : {}) });
  const theo = await bot(server, 'theo');
  const mara = await userOf(theo, 'mara');
  const garden = await theo.createGroup('Garden', [mara]);
  const letters = Array.from({ length: 60 }, (_, i) => `letter ${i + 101}`);
  await write(theo, garden, [
    'The Zoë rehearsal is at the HQ',
    ...letters,
    '我们在北京见面',
    'see https://example.org',
  ]);
  await write(theo, await theo.openDirect(mara), ['Bring the rehearsal notes']);
  await page.getByRole('link', { name: /^Theo/ }).waitFor();
  return { page, context, theo, garden };
}

const found = (page: Page) => page.getByRole('region', { name: 'Messages' }).getByRole('link');
/** The words that are marked in the chat. */
const marked = (page: Page, words: string) =>
  page.waitForFunction((words) => [...(CSS.highlights.get('looked-for') ?? [])].join(' ') === words, words);
const count = (page: Page, n: number) =>
  page.waitForFunction((n) => document.querySelectorAll('.found-row').length === n, n);

test('as one types, in all chats or one, and from hit to hit', async () => {
  const { page } = await town();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  const field = page.getByRole('searchbox', { name: 'Search' });
  await page.getByText('Finds people, chats and messages').waitFor();
  await field.pressSequentially('hears');
  await count(page, 2);
  expect(await found(page).first().innerText()).toContain('Bring the rehearsal notes');
  expect(await page.locator('.found-row mark').allInnerTexts()).toEqual(['hears', 'hears']);
  await picture(page, 'search-wide-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'search-wide-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await field.fill('zoe hq');
  await count(page, 1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await waitForText(page, 'The Zoë rehearsal');
  // What was found stays beside it, and its words are marked in it until one does not want them to be.
  expect(await found(page).count()).toBe(1);
  await marked(page, 'Zoë HQ');
  await picture(page, 'search-marked-wide-light');
  await page.locator('.message').getByText('The Zoë rehearsal').click();
  await page.keyboard.press('Escape');
  await marked(page, '');
  await found(page).first().click();
  await marked(page, 'Zoë HQ');
  await field.fill('北京');
  await count(page, 1);
  // The one that was found before stands there until then.
  await page.waitForFunction(() => document.querySelector('.found-row mark')?.textContent === '北京');
  await marked(page, '');
  await found(page).first().click();
  await marked(page, '北京');
  await field.fill('gard');
  await page.getByRole('region', { name: 'Chats' }).getByRole('link', { name: 'Garden', exact: true }).waitFor();
  await field.fill('nothing of the kind');
  await page.getByText('No message has that.').waitFor();
  await picture(page, 'search-nothing-wide-light');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  await page.keyboard.press('Control+f');
  await page.getByRole('combobox', { name: 'Any chat' }).waitFor();
  await field.fill('letter');
  await count(page, 30);
  await page.getByRole('button', { name: 'Older message', exact: true }).click();
  await page.getByText('1 of 30').waitFor();
  await waitForText(page, 'letter 160');
  for (let i = 0; i < 29; i++) await page.keyboard.press('Enter');
  await page.getByText(/^30 of 60$/).waitFor();
  await waitForText(page, 'letter 131');
  await page.getByRole('button', { name: 'Newer message' }).click();
  await page.getByText(/^29 of 60$/).waitFor();
  await picture(page, 'search-in-wide-light');
  await field.fill('');
  await page.getByRole('combobox', { name: 'Anything' }).selectOption('link');
  await count(page, 1);
  await page.getByRole('combobox', { name: 'Any time' }).selectOption('days');
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  await page.getByLabel('From', { exact: true }).fill(day);
  await page.getByLabel('To', { exact: true }).fill(day);
  await count(page, 1);
  await page.getByLabel('From', { exact: true }).fill('2020-01-01');
  await page.getByLabel('To', { exact: true }).fill('2020-12-31');
  await page.getByText('You look at some messages only.').waitFor();
  expect(await findFaults(page)).toEqual([]);
  await picture(page, 'search-days-wide-light');
  await field.fill('北京');
  await page.getByRole('button', { name: 'Look at all messages' }).click();
  await count(page, 1);
  await page.getByRole('combobox', { name: 'Anybody' }).selectOption({ label: 'You' });
  await page.getByText('No message has that.').waitFor();
}, 60_000);

test('on a phone one comes back to what was found, and without a connection is told', async () => {
  const forgives = /ERR_INTERNET_DISCONNECTED|WebSocket/;
  const { page, context } = await town({ viewport: { width: 390, height: 844 } }, forgives);
  await page.getByRole('link', { name: /^Theo/ }).click();
  await waitForText(page, 'Bring the rehearsal notes');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('REHEARS');
  await count(page, 2);
  await picture(page, 'search-narrow-light');
  await found(page).first().click();
  await waitForText(page, 'Bring the rehearsal notes');
  await page.goBack();
  await count(page, 2);
  await context.setOffline(true);
  await page.getByRole('searchbox', { name: 'Search' }).fill('rehearsal notes');
  await page.getByText('Offline. This is what this device holds').waitFor();
  await count(page, 1);
  await picture(page, 'search-offline-narrow-light');
  await context.setOffline(false);
  await page.getByText('Offline. This is what').waitFor({ state: 'detached' });
}, 60_000);

test('the palette leads to messages, too', async () => {
  const { page } = await town();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Chat or person' }).fill('zoë');
  await page.getByRole('option', { name: 'Search messages for “zoë”' }).click();
  await count(page, 1);
}, 60_000);
