/** What one types is there, whatever happens meanwhile. */
import { expect, test } from 'bun:test';
import { bot, userOf, write } from './bot.ts';
import { waitForText } from './chat.ts';
import { profile, signIn, signUp, startServer } from './town.ts';

const LINE = 'The quick brown fox jumps over the lazy dog, twice.';

async function talk() {
  const server = await startServer();
  const context = await profile();
  const page = await signUp(context, server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const mara = await userOf(theo, 'mara');
  const first = await theo.createGroup('First', [mara]);
  const second = await theo.createGroup('Second', [mara]);
  await write(theo, first, ['hello']);
  await page.getByRole('link', { name: /^First/ }).click();
  await waitForText(page, 'hello');
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  return { server, page, theo, first, second, field };
}

test('while messages come in', async () => {
  const { page, theo, first, second, field } = await talk();
  const coming = (async () => {
    for (let i = 0; i < 20; i++) await write(theo, i % 2 ? first : second, [`in between ${i}`]);
  })();
  await field.pressSequentially(LINE, { delay: 15 });
  await coming;
  await waitForText(page, 'in between 19');
  expect(await field.inputValue()).toBe(LINE);
}, 60_000);

test('when switching conversations and coming back', async () => {
  const { page, field } = await talk();
  await field.pressSequentially(LINE);
  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('heading', { name: 'Second' }).waitFor();
  expect(await field.inputValue()).toBe('');
  await field.pressSequentially('another');
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByRole('heading', { name: 'First' }).waitFor();
  expect(await field.inputValue()).toBe(LINE);
  await page.getByRole('link', { name: /^Second.*Draft: another/ }).waitFor();
}, 60_000);

test('when the page is loaded anew', async () => {
  const { page, field } = await talk();
  await field.pressSequentially(LINE, { delay: 5 });
  // Nothing may be between the last key and the going.
  const loaded = page.waitForEvent('load');
  await page.evaluate((more) => {
    const input = document.querySelector('textarea')!;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!.set!.call(input, input.value + more);
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    location.reload();
  }, ' And once more.');
  await loaded;
  await field.waitFor();
  expect(await field.inputValue()).toBe(`${LINE} And once more.`);
  await field.fill('');
  await page.reload();
  await field.waitFor();
  expect(await field.inputValue()).toBe('');
}, 60_000);

test('on another device, and back', async () => {
  const { server, page, field } = await talk();
  const other = await signIn(await profile(), server, { name: 'mara' });
  await other.getByRole('link', { name: /^First/ }).click();
  const there = other.getByRole('textbox', { name: 'Message', exact: true });
  await field.pressSequentially('from here');
  await other.waitForFunction(() => document.querySelector('textarea')?.value === 'from here');
  await there.pressSequentially(' and there');
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'from here and there');
}, 60_000);
