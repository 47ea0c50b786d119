/** How long things stay: chosen where a chat is made, shown while it lasts, and seen to be gone on both sides. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import type { Lifetime } from '../../src/protocol/entities.ts';
import { messages, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

const idOf = (page: Page) => page.url().split('/c/')[1]!.split(/[/?]/)[0]!;

/** What no list offers: so short that one can wait for it. */
const keep = (page: Page, lifetime: Lifetime) =>
  page.evaluate(
    async ([conversation, lifetime]) => {
      const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
      const draft = {
        kind: 'lifetime',
        lifetime,
        key: key.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      };
      const answer = await fetch('/0/api/commands', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify([{ id: 1, type: 'send', conversation, drafts: [draft] }]),
      });
      const [{ result }] = (await answer.json()) as [{ result?: { results: { code?: string }[] } }];
      if (!result || result.results[0]?.code) throw new Error(JSON.stringify(result));
    },
    [idOf(page), lifetime] as const,
  );

test('a chat that goes as a whole, and messages that go a while after they were sent', async () => {
  const server = await startServer();
  const [mara, theo] = [
    await signUp(await profile(), server, { name: 'mara' }),
    await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'theo' }),
  ];
  await mara.goto(`${server}/0/new`);
  await mara.getByLabel('Keep messages').selectOption({ label: 'Whole chat ends in 1 hour' });
  await mara.getByRole('option', { name: /Theo/ }).click();
  await mara.getByText(/^Gone in (59|60) m|^Gone in 1 h/).waitFor();
  await mara.getByRole('main').getByLabel('Temporary').waitFor();
  expect(await findFaults(mara)).toEqual([]);
  await say(mara, 'Only for now');
  await theo.getByRole('link', { name: /Mara.*Only for now/ }).click();
  await waitForText(theo, 'Only for now');

  await keep(mara, { kind: 'whole', until: Date.now() + 3_000 });
  for (const page of [mara, theo]) {
    await page
      .getByRole('status')
      .getByText(/^This chat ended on .* Nothing of it is kept\.$/)
      .waitFor();
    await messages(page).getByText('Only for now').waitFor({ state: 'detached' });
  }
  expect(await findFaults(theo)).toEqual([]);
  await theo.getByRole('button', { name: 'Remove' }).click();
  await theo.getByText('No conversations yet.').waitFor();

  await mara.goto(`${server}/0/new`);
  await mara.getByRole('option', { name: /Theo/ }).click();
  await say(mara, 'This stays');
  await mara.getByRole('button', { name: 'Details' }).click();
  await mara.getByLabel('Keep messages').selectOption({ label: '7 days after sending' });
  await mara.getByRole('button', { name: 'Cancel' }).click();
  await mara.getByLabel('Keep messages').selectOption({ label: '1 day after sending' });
  await mara.getByText(/^That goes for what is written from now on/).waitFor();
  await mara.getByRole('button', { name: '1 day after sending' }).click();
  await messages(mara).getByText('You set messages to go 1 day after sending').waitFor();
  await say(mara, 'Gone tomorrow');
  await messages(mara)
    .getByTitle(/^Gone in 2[34] h$/)
    .waitFor();
  await theo.getByRole('link', { name: /Mara.*Gone tomorrow/ }).click();
  await messages(theo).getByText('Mara set messages to go 1 day after sending').waitFor();
  await keep(mara, { kind: 'timer', seconds: 5 });
  await say(mara, 'Gone at once');
  await waitForText(theo, 'Gone at once');
  for (const page of [mara, theo]) await messages(page).getByText('Gone after 5 seconds').waitFor();
  expect(await messages(theo).getByText('This stays').count()).toBe(1);
  expect(await findFaults(theo)).toEqual([]);
});

test('messages that go a while after the other one has read them', async () => {
  const server = await startServer();
  const [mara, theo] = [
    await signUp(await profile(), server, { name: 'mara' }),
    await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'theo' }),
  ];
  await mara.goto(`${server}/0/new`);
  await mara.getByLabel('Keep messages').selectOption({ label: '1 minute after reading' });
  await mara.getByRole('option', { name: /Theo/ }).click();
  await messages(mara).getByText('You set messages to go 1 minute after reading').waitFor();
  await say(mara, 'Read me');
  await messages(mara).getByTitle('Gone 1 minute after reading').waitFor();
  expect(await findFaults(mara)).toEqual([]);
  await keep(mara, { kind: 'timer', seconds: 5, after: 'reading' });
  await say(mara, 'Gone once read');
  await messages(mara).getByTitle('Gone 5 seconds after reading').waitFor();
  await theo.getByRole('link', { name: /Mara.*Gone once read/ }).click();
  for (const page of [mara, theo])
    await messages(page).locator('.gone', { hasText: 'Gone 5 seconds after reading' }).waitFor();
  // Of the one that stays longer, both see what is left.
  for (const page of [mara, theo]) {
    await messages(page)
      .getByTitle(/^Gone in (\d+ s|1 m)$/)
      .waitFor();
  }
  expect(await findFaults(theo)).toEqual([]);
});
