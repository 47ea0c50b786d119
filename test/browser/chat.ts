/** What one does and sees in a conversation. */
import { expect } from 'bun:test';
import type { Page } from 'playwright-core';
import { displayName } from './town.ts';

export async function createGroup(page: Page, title: string, ...names: string[]): Promise<void> {
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByText('New group').click();
  await page.getByLabel('Name of the group').fill(title);
  for (const name of names) await page.getByRole('option', { name: displayName(name) }).click();
  await page.getByRole('button', { name: 'Create group' }).click();
  await page.getByRole('heading', { name: title }).waitFor();
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

export const messages = (page: Page) => page.getByRole('log', { name: 'Messages' });
export const texts = (page: Page) =>
  messages(page)
    .locator('.text')
    .evaluateAll((found) => found.map(({ firstChild }) => firstChild?.textContent?.trim() ?? ''));
/** Waits until just these texts stand there, in this order: what is painted may come a moment after what is known. */
export async function shows(page: Page, expected: readonly string[]): Promise<void> {
  await page
    .waitForFunction((expected) => {
      const found = [...document.querySelectorAll('[role=log] .text')];
      return found.map(({ firstChild }) => firstChild?.textContent?.trim() ?? '').join('\n') === expected;
    }, expected.join('\n'))
    // What stands there instead is said below.
    .catch(() => {});
  expect(await texts(page)).toEqual([...expected]);
}

export const waitForText = (page: Page, text: string) =>
  messages(page)
    .locator('.text', { hasText: new RegExp(`^${text.replace('?', '\\?')}`) })
    .waitFor();

/** What the server holds of the conversation that the page shows. */
export const stored = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const [, slot, , conversation] = location.pathname.split('/');
    const answer = await fetch(`/${slot}/api/conversations/${conversation}/history?last=true&limit=100`);
    const { entries } = (await answer.json()) as { entries: { body?: { text: string } }[] };
    return entries.flatMap(({ body }) => body?.text ?? []);
  });

export async function openSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'You and your accounts' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
}
