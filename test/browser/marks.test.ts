/** Marks in texts: shown as they are meant, hidden until pressed, made by keys, kept when copied. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { bot, userOf, write } from './bot.ts';
import { messages, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const message = (page: Page, text: string) => messages(page).locator('.message', { hasText: text });

async function room() {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const chat = await theo.openDirect(await userOf(theo, 'mara'));
  return { page, theo, chat };
}

const ALL = [
  'What **counts**, _perhaps_, ~~not~~ this: `npm test`, see https://parley.example/a_b_c/',
  '> Who brings bread?\n> **Both** of you?\nWe do:\n- rye\n- wheat,\n  two of them\n\n1. first\n2. second',
  '```js\nconst far = "a line that is longer than any bubble is wide, so that it scrolls sideways and not the page";\n```',
  'It was ||the **gardener** at https://parley.example/roses|| all along',
  'snake_case_words, 2*3*4, *_*, <b>no</b>, - and ¯\\_(ツ)_/¯',
];

test('marks become elements, what is hidden shows when it is pressed, and previews have no marks', async () => {
  const { page, theo, chat } = await room();
  await write(theo, chat, [...ALL, 'Guess: ||it rains||, **surely**']);
  const row = page.getByRole('link', { name: /^Theo/ });
  await row.locator('.inbox-preview', { hasText: 'Guess: ▒▒▒▒, surely' }).waitFor();
  await row.click();
  await waitForText(page, 'Guess');

  const first = message(page, 'What counts');
  expect(await first.locator('strong').innerText()).toBe('counts');
  expect(await first.locator('em').innerText()).toBe('perhaps');
  expect(await first.locator('s').innerText()).toBe('not');
  expect(await first.locator('code').innerText()).toBe('npm test');
  await first.getByRole('link', { name: 'https://parley.example/a_b_c/' }).waitFor();
  const second = message(page, 'Who brings');
  expect(await second.locator('blockquote').innerText()).toBe('Who brings bread?\nBoth of you?');
  expect(await second.getByRole('listitem').allInnerTexts()).toEqual(['rye', 'wheat,\ntwo of them', 'first', 'second']);
  await message(page, 'snake_case_words, 2*3*4, *_*, <b>no</b>, - and ¯\\_(ツ)_/¯').waitFor();
  const code = message(page, 'const far').locator('pre');
  expect(await code.evaluate((pre) => pre.scrollWidth > pre.clientWidth)).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  const hidden = message(page, 'all along').getByRole('button', { name: 'Hidden text, show' });
  expect(await hidden.ariaSnapshot()).not.toContain('gardener');
  expect(await message(page, 'all along').getByRole('link').count()).toBe(0);
  expect(await findFaults(page)).toEqual([]);
  const { width, height } = (await hidden.boundingBox())!;
  await hidden.focus();
  await page.keyboard.press('Enter');
  const shown = message(page, 'all along').locator('.spoiler');
  await shown.getByRole('link', { name: 'https://parley.example/roses' }).waitFor();
  expect(await shown.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await shown.boundingBox()).toMatchObject({ width, height });
  const other = message(page, 'Guess').getByRole('button', { name: 'Hidden text, show' });
  await other.click();
  await other.waitFor({ state: 'detached' });
  expect(await findFaults(page)).toEqual([]);

  await message(page, 'Guess').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Reply' }).click();
  await page.getByRole('region', { name: 'Reply to' }).getByText('Guess: ▒▒▒▒, surely').waitFor();
}, 60_000);

test('keys put marks around what is chosen, and the browser’s undo takes them back', async () => {
  const { page, theo, chat } = await room();
  await write(theo, chat, ['Hello']);
  await page.getByRole('link', { name: /^Theo/ }).click();
  await field(page).pressSequentially('see this');
  await field(page).press('Control+Shift+ArrowLeft');
  for (const [key, text] of [
    ['Control+b', 'see **this**'],
    ['Control+i', 'see **_this_**'],
    ['Control+i', 'see **this**'],
    ['Control+b', 'see this'],
    ['Control+Shift+X', 'see ~~this~~'],
    ['Control+z', 'see this'],
    ['Control+e', 'see `this`'],
  ] as const) {
    await field(page).press(key);
    expect(await field(page).inputValue()).toBe(text);
  }
  await field(page).press('Enter');
  await message(page, 'see this').locator('code', { hasText: 'this' }).waitFor();
  await message(page, 'see this')
    .getByRole('button', { name: /Delivered|Read/ })
    .waitFor();
  expect((await theo.message(chat, 3))?.entry.body?.text).toBe('see `this`');
  await page.getByRole('heading', { name: 'Chats' }).click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Shortcuts' }).getByText('Struck through').waitFor();
}, 60_000);

test('what is chosen of a message is copied with its marks', async () => {
  const { page, theo, chat } = await room();
  await write(theo, chat, [...ALL, 'plain words']);
  await page.getByRole('link', { name: /^Theo/ }).click();
  await waitForText(page, 'plain');
  const copied = async (text: string) => {
    await message(page, text)
      .locator('.text')
      .evaluate((element) => getSelection()!.selectAllChildren(element));
    await page.keyboard.press('Control+c');
    await field(page).fill('');
    await field(page).press('Control+v');
    return field(page).inputValue();
  };
  for (const text of [ALL[0]!, ALL[3]!]) expect(await copied(text.slice(0, 4))).toBe(text);
  expect(await copied('Who brings')).toBe(
    '> Who brings bread?\n> **Both** of you?\nWe do:\n- rye\n- wheat,\n  two of them\n1. first\n2. second',
  );
  expect(await copied('const far')).toBe(ALL[2]!.replace('```js', '```'));
  await say(page, await copied('It was'));
  await page.getByRole('button', { name: 'Hidden text, show' }).nth(1).waitFor();
}, 60_000);
