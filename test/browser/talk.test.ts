/** People in browsers, in a terminal, and a bot: what each sees of one conversation. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { createMessenger, memoryStorage, signUp as signUpBot } from '../../src/client/index.ts';
import { atEnd, folder } from '../endings.ts';
import { createGroup, messages, openSettings, say, shows, stored, waitForText } from './chat.ts';
import { openPage, PASSWORD, profile, signIn, signUp, startServer } from './town.ts';

const CLI = join(import.meta.dir, '../../src/cli/main.ts');

function terminal(server: string) {
  const home = folder();
  return async (...args: string[]): Promise<string> => {
    const child = Bun.spawn([process.execPath, '--no-env-file', CLI, ...args], {
      env: { ...process.env, PARLEY_HOME: home, PARLEY_PASSWORD: PASSWORD, PARLEY_SERVER: server },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    if (code !== 0) throw new Error(`parley ${args.join(' ')}: ${err}`);
    return out;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what a program prints is not typed
type Json = any;

const objects = (printed: string): Json[] => JSON.parse(`[${printed.trim().split('\n').join(',')}]`);

/** The signs at own messages of how far they have come. */
const ticks = (page: Page, words: RegExp) =>
  messages(page)
    .getByRole('button', { name: /Who and when$/ })
    .and(page.getByRole('button', { name: words }));

const waitFor = async (found: Locator, count: number) => {
  for (let i = 0; i < count; i++) await found.nth(i).waitFor();
};

test('two slots, a terminal and a bot talk in a group and see the same', async () => {
  const server = await startServer();
  const context = await profile();
  const mara = await signUp(context, server, { name: 'mara' });
  const theo = await signUp(context, server, { name: 'theo', slot: 1 });
  const ines = terminal(server);
  await ines('signup', 'ines', '--server', server);
  const session = await signUpBot({ server, name: 'echo', displayName: 'Echo', password: PASSWORD, device: 'bot' });
  const bot = await createMessenger({ server, session, storage: memoryStorage() });
  atEnd(() => bot.close());
  bot.on('message', ({ conversation, entry }) => {
    if (entry.kind === 'message' && entry.sender !== bot.user && entry.body?.text.startsWith('echo ')) {
      void bot.send(conversation, entry.body.text.slice(5));
    }
  });

  await createGroup(mara, 'Garden', 'theo', 'ines', 'echo');
  await say(mara, 'Who waters the tomatoes?');
  await theo.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(theo, 'Who waters the tomatoes?');
  await say(theo, 'I do');
  await waitForText(mara, 'I do');
  await ines('send', 'Garden', 'And I the beans');
  await waitForText(mara, 'And I the beans');
  await say(mara, 'echo what a team');
  for (const page of [mara, theo]) await waitForText(page, 'what a team');

  const written = ['Who waters the tomatoes?', 'I do', 'And I the beans', 'echo what a team', 'what a team'];
  await shows(mara, written);
  await shows(theo, written);
  const said = objects(await ines('history', 'Garden', '--json')).filter(({ kind }) => kind === 'message');
  expect(said.map(({ body }) => body.text)).toEqual(written);

  // Theo has it open, the bot has received it, Ines was here and has not looked.
  await waitFor(ticks(mara, /Read by 1 of 3\./), 2);
  const { marks } = objects(await ines('list', '--json')).find(({ title }) => title === 'Garden');
  const readers = marks.filter(({ user, read }: Json) => user !== said[0].sender && read >= said[0].seq);
  expect(readers.length).toBe(1);
  await ticks(mara, /./).first().click();
  const receipts = mara.getByRole('dialog');
  for (const [name, reached] of [
    ['Theo', /^Read \S/],
    ['Echo', /^Delivered \S/],
    ['ines', /^Not yet delivered$/],
  ] as const) {
    const row = receipts.getByRole('listitem').filter({ hasText: name });
    await row.getByText(reached).waitFor();
  }
  await mara.keyboard.press('Escape');

  const [, unread] = /Garden \((\d) unread\)/.exec(await ines('list')) ?? [];
  const inesToo = await signIn(await profile(), server, { name: 'ines' });
  await inesToo.getByRole('link', { name: new RegExp(`^Garden.*\\b${unread} unread messages`) }).waitFor();

  const second = await signIn(await profile(), server, { name: 'mara' });
  await second.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(second, 'what a team');
  await shows(second, written);
  await waitFor(ticks(second, /Read by 1 of 3\./), 2);
}, 60_000);

test('unread numbers and being called are the same on both devices of a person, and go when it is read on one', async () => {
  const server = await startServer();
  const [here, there] = [await profile(), await profile()];
  const mara = await signUp(here, server, { name: 'mara' });
  const theo = await signUp(here, server, { name: 'theo', slot: 1 });
  const phone = await signIn(there, server, { name: 'theo' });
  await createGroup(mara, 'Garden', 'theo');
  for (const text of ['one', 'two, @Theo', 'three, @theodor and me@theo.example']) await say(mara, text);
  for (const page of [theo, phone]) {
    await page.getByRole('link', { name: /Garden.*Somebody calls you.*3 unread messages/ }).waitFor();
  }
  await theo.waitForFunction(() => document.title === '(3) Parley');
  await theo.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(theo, 'three');
  await theo.getByText('New messages').waitFor();
  for (const page of [mara, theo]) {
    await page.locator('.called', { hasText: '@Theo' }).waitFor();
    expect(await page.locator('.called').count()).toBe(1);
  }
  expect(await theo.locator('.called[data-self]').count()).toBe(1);
  await phone
    .getByRole('link', { name: /Garden/ })
    .filter({ hasNotText: 'unread' })
    .waitFor();
  await phone.getByLabel('Somebody calls you', { exact: true }).waitFor({ state: 'detached' });
  await phone.waitForFunction(() => document.title === 'Parley');
}, 60_000);

test('messages that cross stand in one order on both sides', async () => {
  const server = await startServer();
  // All of it is in sight: what is not is not in the page.
  const context = await profile({ viewport: { width: 1280, height: 2_400 } });
  const mara = await signUp(context, server, { name: 'mara' });
  const theo = await signUp(context, server, { name: 'theo', slot: 1 });
  await createGroup(mara, 'Garden', 'theo');
  await theo.getByRole('link', { name: /^Garden/ }).click();
  for (let i = 0; i < 10; i++) await Promise.all([say(mara, `m${i}.`), say(theo, `t${i}.`)]);
  for (const page of [mara, theo]) for (const text of ['m9.', 't9.']) await waitForText(page, text);
  const order = await stored(mara);
  for (const letter of ['m', 't']) {
    const own = order.filter((text) => text.startsWith(letter));
    expect(own).toEqual(Array.from({ length: 10 }, (_, i) => `${letter}${i}.`));
  }
  for (const page of [mara, theo]) await shows(page, order);
  for (const page of [mara, theo]) {
    await page.reload();
    for (const text of ['m9.', 't9.']) await waitForText(page, text);
    await shows(page, order);
  }
}, 60_000);

test('a second tab of a slot takes over, and the first says so', async () => {
  const server = await startServer();
  const context = await profile();
  const first = await signUp(context, server, { name: 'mara' });
  const second = await openPage(context, `${server}/0/`);
  await second.getByRole('heading', { name: 'Chats' }).waitFor();
  await first.getByText('Parley is open in another tab').waitFor();
  await first.getByRole('button', { name: 'Use it here' }).click();
  await first.getByRole('heading', { name: 'Chats' }).waitFor();
  await second.getByText('Parley is open in another tab').waitFor();
}, 60_000);

test('a device is signed out from another, at once', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const other = await signIn(await profile(), server, { name: 'mara', forgives: /401/ });
  await openSettings(mara);
  await mara.getByRole('link', { name: 'Devices' }).click();
  await mara.getByRole('button', { name: /^Sign out Chrom/ }).click();
  const began = performance.now();
  await other.getByText('You were signed out on this device').waitFor();
  expect(performance.now() - began).toBeLessThan(1_000);
}, 60_000);
