/** Where strangers meet: what one writes first is a request, which the other accepts or declines. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { messages, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

/** For whoever runs the server. */
const estrange = (page: Page) =>
  page.evaluate(async () => {
    const body = JSON.stringify([{ id: 1, type: 'changeCommunity', people: 'strangers' }]);
    const answer = await fetch('/0/api/commands', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    const [{ error }] = (await answer.json()) as [{ error?: { code: string } }];
    if (error) throw new Error(error.code);
  });

async function ask(page: Page, server: string, name: string, text: string): Promise<void> {
  await page.goto(`${server}/0/new`);
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('option', { name: new RegExp(`@${name}`) }).click();
  await page.getByText('The first message asks.').waitFor();
  await say(page, text);
  await page.getByText('Not answered yet.').waitFor();
}

test('a request shows apart, without name and picture, and is accepted or declined', async () => {
  const server = await startServer();
  const [mara, theo, ines] = [
    await signUp(await profile(), server, { name: 'mara' }),
    await signUp(await profile(), server, { name: 'theo' }),
    await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'ines' }),
  ];
  await estrange(mara);
  await ask(theo, server, 'mara', 'We met at the lake. May I write to you?');
  await ask(ines, server, 'mara', 'Me too?');
  expect(await theo.getByRole('textbox', { name: 'Message', exact: true }).count()).toBe(0);

  const requests = mara.getByRole('link', { name: /^Requests/ });
  await requests.getByText('2').waitFor();
  expect(await mara.title()).toBe('Parley');
  await mara.getByText('No conversations yet.').waitFor();
  await requests.press('Enter');
  await mara.getByRole('link', { name: /^theo\b.*May I write to you/ }).press('Enter');
  await waitForText(mara, 'We met at the lake');
  await mara.getByRole('heading', { name: 'theo', exact: true }).waitFor();
  expect(await mara.locator('body').innerText()).not.toMatch(/Theo|Ines/);
  expect(await mara.getByRole('textbox', { name: 'Message', exact: true }).count()).toBe(0);
  expect(await findFaults(mara)).toEqual([]);
  const receipts = messages(theo).getByRole('button', { name: /Who and when$/ });
  expect(await receipts.getAttribute('title')).toMatch(/^Sent/);

  await mara.getByRole('button', { name: 'Accept' }).press('Enter');
  await mara.getByRole('heading', { name: 'Theo', exact: true }).waitFor();
  await receipts.and(theo.getByTitle('Read by Mara')).waitFor();
  await theo.getByText('online', { exact: true }).first().waitFor();
  await say(theo, 'Good to have found you');
  await waitForText(mara, 'Good to have found you');
  await say(mara, 'And I you');
  await waitForText(theo, 'And I you');

  await requests.getByText('1').waitFor();
  await requests.click();
  await mara.getByRole('link', { name: /^ines\b/ }).click();
  await mara.getByRole('button', { name: 'Decline' }).click();
  await mara.getByRole('heading', { name: 'Chats' }).waitFor();
  await mara.getByText('Declined. They are not told.').waitFor();
  await mara.getByRole('button', { name: 'Undo' }).click();
  await waitForText(mara, 'Me too?');
  await requests.getByText('1').waitFor();
  await mara.getByRole('button', { name: 'Decline' }).click();
  await mara.getByRole('heading', { name: 'Chats' }).waitFor();
  await requests.waitFor({ state: 'detached' });
  expect(await mara.getByRole('link', { name: /^ines\b/ }).count()).toBe(0);
  await ines.reload();
  await ines.getByText('Not answered yet. You can write more once Mara accepts.').waitFor();
}, 60_000);
