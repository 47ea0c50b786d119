/** Where there is little: a low window with large text, and a page whose scripts are slow to come. */
import { expect, test } from 'bun:test';
import type { Locator, Page } from 'playwright-core';
import { createGroup } from './chat.ts';
import { openPage, PASSWORD, profile, signUp, startFresh, startServer } from './town.ts';

const LOW = { width: 640, height: 400 };

test('in a low window with large text, everything can be reached, and what floats scrolls', async () => {
  const { setUp } = await startFresh();
  const context = await profile({ viewport: LOW });
  await context.addInitScript(() => localStorage.setItem('parley-appearance', '{"scale":150}'));
  const page = await openPage(context, setUp);
  const button = (name: string, within: Page | Locator = page) => within.getByRole('button', { name, exact: true });
  const dialog = page.getByRole('dialog');
  /** Reaches the last of what is open; the page itself never scrolls. */
  const reaches = async (last: Locator) => {
    await last.click({ trial: true });
    const { y, height } = (await last.boundingBox())!;
    expect([y >= 0, y + height <= LOW.height]).toEqual([true, true]);
    const more = await page.evaluate(() => [
      document.documentElement.scrollWidth - innerWidth,
      document.documentElement.scrollHeight - innerHeight,
    ]);
    expect(more).toEqual([0, 0]);
  };
  const closes = async () => {
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  };
  await page.getByLabel('User name').fill('mara');
  await page.getByLabel('Password').fill(PASSWORD);
  await button('Set up').click();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  await reaches(button('Saved messages'));
  await button('Save a recovery code').click();
  await reaches(button('Copy', dialog));
  await closes();
  await button('Invite people').click();
  await reaches(button('Make a link'));
  await button('Make a link').click();
  await reaches(button('Copy', dialog));
  await closes();
  await button('You and your accounts').click();
  await reaches(page.getByRole('menuitem', { name: 'Sign out' }));
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await reaches(button('Sign out', dialog));
  await closes();
  await createGroup(page, 'Garden');
  await reaches(page.getByRole('textbox', { name: 'Message', exact: true }));
  await button('Details').press('?');
  await reaches(dialog.getByRole('term').last());
  await closes();
  await button('Details').click();
  await reaches(button('Leave group'));
  for (const [opens, last] of [
    ['Rename', 'Save'],
    ['Add people', 'Cancel'],
    ['Leave group', 'Leave group'],
  ] as const) {
    await button(opens).click();
    await reaches(button(last, dialog));
    await closes();
  }
}, 60_000);

test('until the scripts are here, the page has the shape of what comes', async () => {
  const server = await startServer();
  for (const viewport of [LOW, { width: 1280, height: 800 }]) {
    const context = await profile({ viewport });
    const door = await slowly(await openPage(context, 'about:blank'), `${server}/0/sign-in`, async (page) => {
      await page.locator('#opening .door').waitFor();
      expect(await page.locator('#opening .skeleton').first().isVisible()).toBe(false);
    });
    await door
      .getByRole('button', { name: 'Set up' })
      .or(door.getByRole('button', { name: 'Sign in' }))
      .waitFor();
    expect(await door.locator('#opening').isVisible()).toBe(false);
    const name = `mara${viewport.width}`;
    await slowly(await signUp(context, server, { name }), `${server}/0/`, async (page) => {
      await page.locator('#opening .skeleton-row').first().waitFor();
      expect(await page.locator('#opening .main-pane').isVisible()).toBe(viewport.width > 700);
    });
  }
}, 60_000);

/** Opens the address, and lets the scripts come once what stands there until then was looked at. */
async function slowly(page: Page, address: string, look: (page: Page) => Promise<void>): Promise<Page> {
  const looked = Promise.withResolvers<void>();
  await page.route('**/assets/*.js', async (route) => {
    await looked.promise;
    await route.continue();
  });
  const going = page.goto(address);
  await look(page);
  looked.resolve();
  await going;
  await page.locator('#app:not(:empty)').waitFor();
  return page;
}
