/** From a fresh server to the read tick with nothing but keys: no mouse, and nothing filled in from outside. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { openPage, PASSWORD, profile, startFresh } from './town.ts';

const TABS = 40;

/** What has the focus: what it is called, whether a ring shows that, and whether it is in sight. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    if (element === document.body) return { name: '', ringed: false, inSight: false };
    const labels = (element as HTMLInputElement).labels ?? [];
    const named = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
    const texts = [...labels, ...named.map((id) => document.getElementById(id))].map((one) => one?.textContent);
    const name = element.getAttribute('aria-label') ?? (texts.join(' ').trim() || element.textContent || '');
    const ringed = [element, element.closest('label')].some(
      (one) =>
        one !== null &&
        [undefined, '::before'].some((part) => {
          const { outlineStyle, outlineWidth } = getComputedStyle(one, part);
          return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
        }),
    );
    const { top, bottom } = element.getBoundingClientRect();
    return { name, ringed, inSight: bottom > 0 && top < innerHeight };
  });

class Hands {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  write(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Goes on to what is called so, and sees that one can see it. */
  async to(name: string | RegExp): Promise<void> {
    const seen: string[] = [];
    for (let tabs = 0; tabs < TABS; tabs++) {
      const found = await focused(this.page);
      if (typeof name === 'string' ? found.name.startsWith(name) : name.test(found.name)) {
        expect(found).toMatchObject({ ringed: true, inSight: true });
        return;
      }
      seen.push(found.name.slice(0, 40));
      await this.press('Tab');
    }
    throw new Error(`Tab never comes to ${name}. It came to: ${seen.join(' | ')}`);
  }

  /** What was open gives the focus back as it goes. */
  async isBackAt(name: string): Promise<void> {
    await this.page.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, name);
    expect(await focused(this.page)).toMatchObject({ name, ringed: true });
  }

  async sees(role: Parameters<Page['getByRole']>[0], name: string | RegExp): Promise<void> {
    await this.page.getByRole(role, { name }).first().waitFor();
  }
}

test('from the set-up to the read tick, two people use the keyboard alone', async () => {
  const { server, setUp } = await startFresh({ join: 'invited' });
  const context = await profile();
  const mara = new Hands(await openPage(context, setUp));
  await mara.sees('button', 'Set up');
  for (const [field, text] of [
    ['Name of the server', 'Elm Street'],
    ['Your name', 'Mara'],
    ['User name', 'mara'],
    ['Password', PASSWORD],
  ] as const) {
    await mara.to(field);
    await mara.write(text);
  }
  await mara.to('Who may join');
  await mara.press('Enter');
  await mara.to('People with an invitation');
  await mara.to('Everyone here knows each other');
  await mara.press('ArrowDown');
  await mara.to('Strangers meet here');
  await mara.press('ArrowUp');
  await mara.to('Set up');
  await mara.press('Enter');
  await mara.sees('heading', 'Chats');
  await mara.page.waitForFunction(() => document.title === 'Elm Street');
  await mara.page
    .getByRole('paragraph')
    .filter({ hasText: /^Elm Street$/ })
    .waitFor();

  await mara.to('Save a recovery code');
  await mara.press('Enter');
  await mara.page.locator('.code-shown').waitFor();
  await mara.to('Copy');
  await mara.press('Escape');
  await mara.to('Invite people');
  await mara.press('Enter');
  await mara.sees('button', 'Make a link');
  await mara.to('Make a link');
  await mara.press('Enter');
  const link = await mara.page.getByRole('textbox', { name: 'Link' }).inputValue();
  await mara.to('Copy');
  await mara.press('Escape');
  await mara.sees('heading', 'Chats');

  const theo = new Hands(await openPage(context, link));
  await theo.sees('link', 'Make another account');
  await theo.to('Make another account');
  await theo.press('Enter');
  await theo.sees('button', 'Join');
  for (const [field, text] of [
    ['Your name', 'Theo'],
    ['User name', 'theo'],
    ['Password', PASSWORD],
  ] as const) {
    await theo.to(field);
    await theo.write(text);
  }
  await theo.press('Enter');
  await theo.sees('heading', 'Chats');

  await mara.to('New chat');
  await mara.press('Enter');
  await mara.sees('option', 'Theo');
  await mara.write('the');
  await mara.press('Tab', 'Enter');
  await mara.sees('textbox', 'Message');
  await mara.write('by hand');
  await mara.press('Shift+Enter');
  await mara.write('in two lines');
  await mara.press('Enter');
  await theo.sees('link', /by hand/);
  await theo.to(/by hand/);
  await theo.press('Enter');
  await mara.page.locator('[data-tick=read]').last().waitFor();

  await theo.to('You and your accounts');
  await theo.press('Enter');
  await theo.sees('menuitem', 'Mara');
  await theo.press('Escape');
  await theo.isBackAt('You and your accounts');
  await theo.press('Enter');
  await theo.sees('menuitem', 'Sign out');
  await theo.press('End', 'Enter');
  await theo.sees('button', 'Sign out');
  await theo.press('Escape');
  await theo.page.getByRole('dialog').waitFor({ state: 'detached' });
  await theo.isBackAt('You and your accounts');
  await theo.press('Enter');
  await theo.sees('menuitem', 'Settings');
  await theo.write('set');
  await theo.press('Enter');
  await theo.sees('heading', 'Settings');
  await theo.press('Escape');
  await theo.sees('heading', 'Chats');

  await mara.page.goto(`${server}/0/new-group`);
  await mara.page.getByLabel('Name of the group').waitFor();
  await mara.press('Escape', 'Escape');
  expect(new URL(mara.page.url()).pathname).toBe('/0/');
}, 90_000);
