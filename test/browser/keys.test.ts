/** What keys do wherever one is, and what a window keeps of how one arranged it. */
import { expect, test } from 'bun:test';
import { bot, userOf, write } from './bot.ts';
import { waitForText } from './chat.ts';
import { profile, signUp, startServer } from './town.ts';

test('a few letters lead to any chat and person', async () => {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  await bot(server, 'lea');
  const mara = await userOf(theo, 'mara');
  for (const title of ['Café', 'Garden']) await write(theo, await theo.createGroup(title, [mara]), [`in ${title}`]);
  await page.getByRole('link', { name: /^Garden/ }).waitFor();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Chat or person' });
  const chosen = page.getByRole('option', { selected: true });
  await page.getByRole('option', { name: 'Theo' }).waitFor();
  // The latest first, then those with whom there is no chat.
  expect((await page.getByRole('option').allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
    'Garden',
    'Café',
    'Lea',
    'Theo',
  ]);
  await field.pressSequentially('cafe');
  await chosen.getByText('Café').waitFor();
  await page.keyboard.press('Enter');
  await waitForText(page, 'in Café');
  await page.keyboard.press('Control+k');
  await field.pressSequentially('nobody of that name');
  await page.getByText('No chat and nobody is called that.').waitFor();
  await field.fill('lea');
  await chosen.getByText('Lea', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Lea' }).waitFor();
  await page.getByRole('separator').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}, 60_000);

test('the inbox keeps the width that it was given', async () => {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara' });
  const edge = page.getByRole('separator');
  const isWide = (px: number) =>
    page.waitForFunction((px) => document.querySelector('#app .side-pane')?.getBoundingClientRect().width === px, px);
  await isWide(320);
  const { x, y } = (await edge.boundingBox())!;
  await page.mouse.move(x + 4, y + 300);
  await page.mouse.down();
  await page.mouse.move(900, y + 300);
  await page.mouse.up();
  await isWide(420);
  await edge.press('ArrowLeft');
  await isWide(400);
  await page.reload();
  await edge.waitFor();
  await isWide(400);
}, 60_000);

test('the icon has a dot for as long as something is unread', async () => {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const icon = () => page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href);
  const plain = await icon();
  await write(theo, await theo.openDirect(await userOf(theo, 'mara')), ['hello']);
  await page.waitForFunction(() => document.title === '(1) Parley');
  const dotted = await icon();
  expect(dotted).not.toBe(plain);
  const manifest = await (await fetch(`${server}/manifest.webmanifest`)).json();
  for (const address of [plain, dotted, ...manifest.icons.map(({ src }: { src: string }) => server + src)]) {
    const answer = await fetch(address);
    expect(answer.headers.get('content-type')).toStartWith('image/svg+xml');
    expect(await answer.text()).toStartWith('<svg');
  }
  await page.getByRole('link', { name: /^Theo/ }).click();
  await page.waitForFunction(() => document.title === 'Parley');
  expect(await icon()).toBe(plain);
}, 60_000);

test('what was just done is said and taken back, and the focus comes back from the details', async () => {
  const server = await startServer();
  const page = await signUp(await profile(), server, { name: 'mara' });
  const theo = await bot(server, 'theo');
  const group = await theo.createGroup('Garden', [await userOf(theo, 'mara')]);
  await write(theo, group, ['hello']);
  await page.getByRole('link', { name: /^Garden/ }).click();
  await waitForText(page, 'hello');
  const details = page.getByRole('button', { name: 'Details' });
  await details.press('Enter');
  const archive = page.getByRole('switch', { name: 'Archive' });
  await archive.press('Space');
  const said = page.getByRole('status').filter({ hasText: '“Garden” is archived.' });
  await said.waitFor();
  await page.getByRole('link', { name: /^Garden/ }).waitFor({ state: 'detached' });
  await page.getByText('All chats are archived.').waitFor();
  const undo = page.getByRole('button', { name: 'Undo' });
  // As far from the last thing in the details as from anything else: by the tab key.
  for (let tabs = 0; tabs < 20 && !(await undo.evaluate((button) => button === document.activeElement)); tabs++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /^Garden/ }).waitFor();
  await said.waitFor({ state: 'detached' });
  expect(await archive.isChecked()).toBe(false);
  await page.getByRole('switch', { name: 'Mute' }).press('Space');
  await page.getByText('“Garden” is muted.').hover();
  await page.getByRole('switch', { name: 'Pin to the top' }).press('Space');
  // One at a time: the last.
  await page.getByText('“Garden” is pinned to the top.').waitFor();
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Members' }).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Details');
  await page.mouse.move(600, 300);
  await page.getByText('“Garden” is pinned to the top.').waitFor({ state: 'detached' });
}, 60_000);
