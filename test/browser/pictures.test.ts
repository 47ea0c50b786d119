/** Pictures of messages: in their place before they are there, and full screen from there. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { type FileInfo, signIn, uploadFile } from '../../src/client/index.ts';
import { atEnd } from '../endings.ts';
import { bot, userOf } from './bot.ts';
import { findFaults } from './faults.ts';
import { PASSWORD, profile, signUp, startServer } from './town.ts';

async function scene(forgives?: RegExp, options = {}, mediaUrl?: string) {
  const server = await startServer(mediaUrl === undefined ? {} : { mediaUrl });
  const context = await profile({ acceptDownloads: true, ...options });
  const page = await signUp(context, server, { name: 'mara', ...(forgives ? { forgives } : {}) });
  const theo = await bot(server, 'theo');
  const { token } = await signIn({ server, name: 'theo', password: PASSWORD, device: 'second' });
  const conversation = await theo.openDirect(await userOf(theo, 'mara'));
  const upload = async (name: string, width: number, height: number, background: string): Promise<FileInfo> => {
    const png = await sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer();
    const content = new Blob([png as Uint8Array<ArrayBuffer>]);
    return uploadFile({ server, token, conversation, content, name, as: 'picture' });
  };
  const send = async (text: string, files: readonly FileInfo[]) =>
    theo.stored(await theo.send(conversation, text, { files }));
  const open = async () => {
    await page.getByRole('link', { name: /Theo/ }).click();
    await page.getByRole('log').waitFor();
  };
  return { server, page, theo, conversation, upload, send, open };
}

const boxOf = async (page: Page, selector: string) => {
  const box = await page.locator(selector).last().boundingBox();
  return { width: box!.width, height: box!.height };
};
const loaded = (page: Page, count: number) =>
  page.waitForFunction((n) => document.querySelectorAll('.picture img[data-shown]').length === n, count);
const dialog = (page: Page) => page.getByRole('dialog', { name: /from Theo/ });

test('a picture has its place before it is there, and says so when it does not come', async () => {
  const { page, upload, send, open } = await scene(/Failed to load resource|ERR_FAILED/);
  let held: (() => void) | null = null;
  const gate = new Promise<void>((resolve) => (held = resolve));
  let broken = true;
  await page.route('**/media/**', async (route) => {
    await gate;
    await (broken ? route.abort() : route.continue());
  });
  await send('', [await upload('bread.png', 1_600, 1_200, '#b5702a')]);
  await open();
  await page.locator('.picture-button').waitFor();
  const before = await boxOf(page, '.pictures');
  expect(before.width / before.height).toBeCloseTo(4 / 3, 1);
  expect(await page.locator('.picture-button').evaluate((one) => one.style.backgroundImage)).toMatch(/^url\("data:/);
  held!();
  await page.getByText('This picture did not load.').waitFor();
  expect(await boxOf(page, '.pictures')).toEqual(before);
  expect(await findFaults(page)).toEqual([]);
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await loaded(page, 1);
  expect(await boxOf(page, '.pictures')).toEqual(before);
  // Of the three sizes the one that the screen has pixels for.
  expect(await page.locator('.picture img').evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeLessThan(1_300);
}, 60_000);

test('without a connection the placeholder stays, and the picture comes with the connection', async () => {
  const { page, upload, send, open } = await scene(/Failed to load resource|ERR_INTERNET|ERR_FAILED|WebSocket/);
  await send('Here', [await upload('bread.png', 1_600, 1_200, '#b5702a')]);
  await page.getByRole('link', { name: /Theo/ }).getByText('Here').waitFor();
  await page.context().setOffline(true);
  await page.getByText('Offline.').first().waitFor();
  await open();
  const button = page.getByRole('button', { name: 'Open picture' });
  await button.waitFor();
  expect(await button.evaluate((one) => one.style.backgroundImage)).toMatch(/^url\("data:/);
  expect(await page.getByText('This picture did not load.').count()).toBe(0);
  await page.context().setOffline(false);
  await loaded(page, 1);
}, 60_000);

test('several pictures make a grid, their words stand below them, and they go with their message', async () => {
  const { page, theo, conversation, upload, send, open } = await scene();
  const all = await Promise.all(
    ['#a33', '#3a3', '#33a', '#aa3', '#3aa', '#a3a'].map((colour, i) => upload(`${i}.png`, 640, 480, colour)),
  );
  const seq = await send('Six of them, and these words say so', all);
  await open();
  await loaded(page, 4);
  await page.getByText('+3').waitFor();
  expect(await page.getByRole('button', { name: /^Open picture/ }).count()).toBe(4);
  const [grid, words] = [page.locator('.pictures'), page.getByText('Six of them', { exact: false }).last()];
  const [above, below] = [(await grid.boundingBox())!, (await words.boundingBox())!];
  expect(below.y).toBeGreaterThanOrEqual(above.y + above.height);
  expect(await findFaults(page)).toEqual([]);
  await theo.deleteMessage(conversation, seq);
  await page.getByRole('log').getByText('Deleted by Theo').waitFor();
  expect(await grid.count()).toBe(0);
}, 60_000);

test('full screen goes through the pictures of the conversation, and back to where it was opened', async () => {
  const { page, theo, conversation, upload, send, open } = await scene();
  await send('**First**', [await upload('first.png', 900, 600, '#a33')]);
  for (let i = 0; i < 5; i++) await theo.stored(await theo.send(conversation, `In between ${i}`));
  const middle = await send('', [
    await upload('second.png', 600, 900, '#3a3'),
    await upload('third.png', 50, 40, '#33a'),
  ]);
  await open();
  await loaded(page, 3);
  const second = page.getByRole('button', { name: 'Open picture 1 of 2' });
  await second.click();
  await dialog(page).waitFor();
  expect(await dialog(page).getAttribute('aria-label')).toMatch(/^Picture 1 of 2 from Theo, /);
  expect(await findFaults(page)).toEqual([]);
  // Keys: to the others, closer and back.
  await page.keyboard.press('ArrowRight');
  await page.getByRole('dialog', { name: 'Picture 2 of 2' }).waitFor();
  expect(await page.getByRole('button', { name: 'Next picture' }).count()).toBe(0);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await dialog(page).getByText('First').waitFor();
  expect(await dialog(page).getByRole('strong').innerText()).toBe('First');
  expect(await page.getByRole('button', { name: 'Picture before' }).count()).toBe(0);
  const scale = () =>
    page.locator('.viewer-zoom').evaluate((one) => Number(/scale\(([\d.]+)\)/.exec(one.style.transform)![1]));
  await page.keyboard.press('+');
  expect(await scale()).toBe(1.5);
  await page.keyboard.press('ArrowRight');
  expect(await dialog(page).getByText('First').count()).toBe(1);
  await page.keyboard.press('0');
  expect(await scale()).toBe(1);
  const stage = (await page.locator('.viewer-stage').boundingBox())!;
  await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height / 2);
  await page.mouse.wheel(0, -400);
  await page.waitForFunction(
    () => !document.querySelector<HTMLElement>('.viewer-zoom')!.style.transform.includes('scale(1)'),
  );
  await page.mouse.dblclick(stage.x + stage.width / 2, stage.y + stage.height / 2);
  expect(await scale()).toBe(1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('first.webp');
  // What is deleted meanwhile is not looked at any longer.
  await page.keyboard.press('ArrowRight');
  await page.getByRole('dialog', { name: 'Picture 1 of 2' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await second.evaluate((one) => one === document.activeElement)).toBe(true);
  await second.click();
  await dialog(page).waitFor();
  await theo.deleteMessage(conversation, middle);
  await dialog(page).getByText('First').waitFor();
  const address = page.url();
  await page.goBack();
  await dialog(page).waitFor({ state: 'detached' });
  expect(page.url()).toBe(address);
}, 60_000);

test('fingers swipe to the next picture, come closer and pull it away', async () => {
  const { page, upload, send, open } = await scene(undefined, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  await send('', [await upload('first.png', 900, 600, '#a33'), await upload('second.png', 600, 900, '#3a3')]);
  await open();
  await loaded(page, 2);
  await page.getByRole('button', { name: 'Open picture 1 of 2' }).tap();
  await page.getByRole('dialog', { name: 'Picture 1 of 2' }).waitFor();
  const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
    const devtools = await page.context().newCDPSession(page);
    const at = ([x, y]: readonly [number, number]) => ({ touchPoints: [{ x, y }] });
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(from) });
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(to) });
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  const devtools = await page.context().newCDPSession(page);
  const pinch = (type: string, apart: number) =>
    devtools.send('Input.dispatchTouchEvent', {
      type: type as 'touchStart',
      touchPoints: type === 'touchEnd' ? [] : [-apart, apart].map((x, id) => ({ x: 195 + x, y: 420, id })),
    });
  await pinch('touchStart', 40);
  await pinch('touchMove', 100);
  await pinch('touchEnd', 0);
  const scale = () =>
    page.locator('.viewer-zoom').evaluate((one) => Number(/scale\(([\d.]+)\)/.exec(one.style.transform)![1]));
  expect(await scale()).toBeGreaterThan(2);
  // Closer, one moves what one sees; and twice on a place is whole again.
  await drag([300, 400], [100, 410]);
  expect(await page.getByRole('dialog', { name: 'Picture 1 of 2' }).count()).toBe(1);
  // As quick as fingers are, however slow the machine.
  const began = Date.now() / 1_000;
  for (const [type, after] of [
    ['touchStart', 0],
    ['touchEnd', 0.05],
    ['touchStart', 0.15],
    ['touchEnd', 0.2],
  ] as const) {
    const touchPoints = type === 'touchEnd' ? [] : [{ x: 195, y: 420 }];
    await devtools.send('Input.dispatchTouchEvent', { type, touchPoints, timestamp: began + after });
  }
  expect(await scale()).toBe(1);
  await drag([300, 400], [100, 410]);
  await page.getByRole('dialog', { name: 'Picture 2 of 2' }).waitFor();
  await drag([100, 400], [300, 410]);
  await page.getByRole('dialog', { name: 'Picture 1 of 2' }).waitFor();
  await drag([200, 300], [205, 500]);
  await dialog(page).waitFor({ state: 'detached' });
}, 60_000);

test('a picture is forwarded from full screen, and is the other chat’s own', async () => {
  const { page, theo, conversation, upload, send, open } = await scene();
  const seq = await send('', [await upload('first.png', 900, 600, '#a33')]);
  await theo.createGroup('Bakery', [await userOf(theo, 'mara')]);
  await page.getByRole('link', { name: /Bakery/ }).waitFor();
  await open();
  await loaded(page, 1);
  await page.getByRole('button', { name: 'Open picture' }).click();
  await dialog(page).getByRole('button', { name: 'Forward' }).click();
  const asked = page.getByRole('dialog', { name: 'Forward' });
  await asked.getByRole('option', { name: 'Bakery' }).click();
  expect(await findFaults(page, '[role=dialog]')).toEqual([]);
  await asked.getByRole('button', { name: 'Forward' }).click();
  await asked.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await theo.deleteMessage(conversation, seq);
  await page.getByRole('link', { name: /Bakery/ }).click();
  await page.getByRole('log').getByText('Forwarded').waitFor();
  await loaded(page, 1);
}, 60_000);

test('a cache before the server has one copy of a picture for everybody', async () => {
  const copies = new Map<string, Response>();
  let [origin, fetched] = ['', 0];
  const cache = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      const known = copies.get(pathname);
      if (known) return known.clone();
      fetched++;
      const answer = await fetch(origin + pathname);
      if (answer.ok && answer.headers.get('cache-control')?.startsWith('public')) copies.set(pathname, answer.clone());
      return answer;
    },
  });
  atEnd(() => cache.stop(true));
  const { server, page, theo, conversation, upload, send, open } = await scene(
    undefined,
    {},
    `http://127.0.0.1:${cache.port}`,
  );
  origin = server;
  const seq = await send('', [await upload('first.png', 200, 150, '#a33')]);
  await open();
  await loaded(page, 1);
  expect(fetched).toBe(1);
  const other = await signUp(await profile(), server, { name: 'ines' });
  const group = await theo.createGroup('Bakery', [await userOf(theo, 'mara'), await userOf(theo, 'ines')]);
  await theo.stored((await theo.forwardMessage(conversation, seq, [group]))[0]!);
  for (const one of [page, other]) {
    await one.getByRole('link', { name: /Bakery/ }).click();
    await one.getByRole('log').getByText('Forwarded').waitFor();
    await loaded(one, 1);
  }
  expect(fetched).toBe(2);
}, 60_000);
