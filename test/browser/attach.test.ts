/** Sending files from the web app: chosen, pasted and dropped; over a reload; cancelled; and what does not go, in words. */
import { expect, test } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import * as made from '../media/hostile.ts';
import { bot, userOf } from './bot.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

interface Options {
  readonly forgives?: RegExp;
  readonly limits?: Readonly<Record<string, number>>;
  readonly context?: BrowserContextOptions;
}

/** Mara has the chat with Theo open, who is no browser. */
async function scene({ forgives, limits = {}, context = {} }: Options = {}) {
  const server = await startServer({ limits });
  const page = await signUp(await profile(context), server, { name: 'mara', ...(forgives ? { forgives } : {}) });
  const theo = await bot(server, 'theo');
  const conversation = await theo.openDirect(await userOf(theo, 'mara'));
  await theo.stored(await theo.send(conversation, 'Send me the plan.'));
  await page.getByRole('link', { name: /Theo/ }).click();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.waitFor();
  const timeline = theo.timeline(conversation);
  const got: { text: string; names: string[] }[] = [];
  let wake = () => {};
  theo.on('message', ({ entry }) => {
    if (entry.kind !== 'message' || entry.sender === theo.user) return;
    got.push({ text: entry.body!.text, names: (entry.body!.files ?? []).map(({ name }) => name) });
    wake();
  });
  /** The next message that Theo gets, in their order. */
  const next = async () => {
    while (got.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return got.shift()!;
  };
  return { server, page, theo, conversation, field, timeline, next };
}

async function choose(page: Page, kind: string, files: { name: string; mimeType: string; buffer: Buffer }[]) {
  await page.getByRole('button', { name: 'Attach', exact: true }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: kind }).click();
  await (await chooser).setFiles(files);
}

const plan = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('three rooms') };
const photo = async (name = 'IMG_1.jpg') => ({ name, mimeType: 'image/jpeg', buffer: await made.withPlace() });
const large = { name: 'film.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(1_300_000, 7) };

/** As another program hands files over: by the clipboard, or with the mouse. */
const handOver = (page: Page, by: 'paste' | 'drop', name: string, text?: string) =>
  page.evaluate(
    ({ by, name, text }) => {
      const data = new DataTransfer();
      data.items.add(new File(['from elsewhere'], name));
      if (text !== undefined) data.setData('text/plain', text);
      const field = document.querySelector('.composer-field')!;
      const event =
        by === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
      if (by === 'drop') field.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data, bubbles: true }));
      if (by === 'drop') document.body.dataset['over'] = `${document.querySelector('.drop-surface') !== null}`;
      return field.dispatchEvent(event);
    },
    { by, name, text },
  );

test('several files are chosen, outlive a change of chats and a reload, and go as one message with its words', async () => {
  const { page, field, next, conversation, theo } = await scene();
  await field.fill('The plan, and how it looks.');
  await choose(page, 'Photo or video', [await photo(), await photo('IMG_2.jpg')]);
  await page.getByRole('button', { name: 'Remove IMG_1.jpg' }).waitFor();
  await choose(page, 'File', [plan]);
  await page.getByText('3 files are attached').waitFor({ state: 'attached' });
  // One goes on writing.
  await page.waitForFunction(() => document.activeElement?.matches('.composer-field'));
  expect(await findFaults(page)).toEqual([]);
  if (process.env['LOOK']) await page.screenshot({ path: `${process.env['LOOK']}-staged.png` });
  await page.getByRole('button', { name: 'Remove IMG_2.jpg' }).press('Enter');
  await page.getByText('2 files are attached').waitFor({ state: 'attached' });
  await page.reload();
  await page.getByRole('button', { name: 'Remove plan.txt' }).waitFor();
  expect(await field.inputValue()).toBe('The plan, and how it looks.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  expect(await next()).toEqual({ text: 'The plan, and how it looks.', names: ['IMG_1.webp', 'plan.txt'] });
  await page.getByRole('button', { name: 'Save plan.txt 1 kB' }).waitFor();
  await page.locator('.picture img[data-shown]').waitFor();
  expect(await page.locator('.staged, .upload').count()).toBe(0);
  // It lies on its side on the disk, and stands upright here.
  const { files } = (await theo.message(conversation, theo.conversation(conversation)!.head))!.entry.body!;
  expect(files![0]).toMatchObject({ width: 80, height: 120 });
});

test('what is pasted and dropped is attached, and words stay words', async () => {
  const { page, field, next } = await scene();
  await field.focus();
  expect(await handOver(page, 'paste', 'table.png', 'A table')).toBe(true);
  expect(await handOver(page, 'paste', 'shot.txt')).toBe(false);
  await page.getByRole('button', { name: 'Remove shot.txt' }).waitFor();
  expect(await page.getByRole('button', { name: 'Remove table.png' }).count()).toBe(0);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x'));
    document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data, bubbles: true }));
  });
  await page.getByText('Drop files here to send them to Theo').waitFor();
  if (process.env['LOOK']) await page.screenshot({ path: `${process.env['LOOK']}-drop.png` });
  await handOver(page, 'drop', 'dropped.txt');
  await page.getByRole('button', { name: 'Remove dropped.txt' }).waitFor();
  expect(await page.locator('.drop-surface').count()).toBe(0);
  await field.press('Enter');
  expect(await next()).toEqual({ text: '', names: ['shot.txt', 'dropped.txt'] });
});

test('a message goes on coming up after a reload, tells how far it is, and goes once; another is cancelled', async () => {
  const { page, field, next, timeline } = await scene({ forgives: /Failed to load resource|ERR_FAILED/ });
  let parts = 0;
  await page.route('**/api/uploads/*offset=*', async (route) => {
    if (++parts <= 2) await route.continue();
  });
  await choose(page, 'File', [large]);
  await field.fill('A film');
  await field.press('Enter');
  await field.fill('and words after it');
  await field.press('Enter');
  const bar = page.getByRole('progressbar', { name: 'Sending film.bin' });
  await bar.and(page.locator('[aria-valuetext="1 of 1.3 MB"]')).waitFor();
  expect(await bar.getAttribute('aria-valuenow')).toBe('80');
  expect(await findFaults(page)).toEqual([]);
  if (process.env['LOOK']) await page.screenshot({ path: `${process.env['LOOK']}-uploading.png` });
  await page.reload();
  await bar.waitFor();
  await page.unroute('**/api/uploads/*offset=*');
  const offsets: number[] = [];
  page.on('request', (request) => {
    const offset = /uploads\/.*offset=(\d+)/.exec(request.url())?.[1];
    if (offset !== undefined) offsets.push(Number(offset));
  });
  await page.reload();
  expect(await next()).toEqual({ text: 'A film', names: ['film.bin'] });
  expect(Math.min(...offsets)).toBeGreaterThanOrEqual(1_048_576);
  await page.getByRole('button', { name: 'Save film.bin 1.3 MB' }).waitFor();
  expect(await next()).toMatchObject({ text: 'and words after it' });
  await page.route('**/api/uploads/*offset=*', () => {});
  await choose(page, 'File', [large]);
  await field.press('Enter');
  await page.getByRole('button', { name: 'Cancel sending' }).click();
  await bar.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('and words after it').first().waitFor();
  expect(await bar.count()).toBe(0);
  const sent = timeline.view().items.filter((item) => item.kind === 'entry' && item.entry.kind === 'message');
  expect(sent).toHaveLength(3);
});

test('what does not go says why and what to do, and loses no word', async () => {
  const { page, field, next } = await scene({
    limits: { fileBytes: 1_000_000 },
    forgives: /Failed to load resource.*422/,
  });
  await field.fill('Kept');
  await choose(page, 'File', [large]);
  await page.getByRole('alert').getByText('film.bin is 1.3 MB; the limit is 1 MB.').waitFor();
  expect(await field.inputValue()).toBe('Kept');
  await choose(page, 'Photo or video', [
    { name: 'IMG_9.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') },
  ]);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'This picture could not be read.' });
  await alert.waitFor();
  expect(await findFaults(page)).toEqual([]);
  if (process.env['LOOK']) await page.screenshot({ path: `${process.env['LOOK']}-refused.png` });
  await alert.getByRole('button', { name: 'Send as a file' }).click();
  expect(await next()).toEqual({ text: 'Kept', names: ['IMG_9.jpg'] });
  await choose(
    page,
    'File',
    Array.from({ length: 12 }, (_, i) => ({ ...plan, name: `${i}.txt` })),
  );
  await page.getByRole('alert').getByText('One message carries 10 files. 2 were left out.').waitFor();
});

test('on a phone there is the camera, and all of it fits', async () => {
  const { page } = await scene({ context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
  await choose(page, 'Camera', [await photo()]);
  await choose(page, 'File', [{ ...plan, name: 'A plan of the whole house with a very long name indeed.txt' }]);
  await page.getByText('2 files are attached').waitFor({ state: 'attached' });
  if (process.env['LOOK']) await page.screenshot({ path: `${process.env['LOOK']}-phone.png` });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
