/** Every screen, wide and narrow, each in light and in dark: complete for a screen reader, and without a word in the console. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { createGroup, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { openPage, profile, signUp, startServer } from './town.ts';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

const linkOf = (page: Page) => page.getByRole('textbox', { name: 'Link' }).inputValue();

for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
  test(`every screen, ${size}, light and dark`, async () => {
    const server = await startServer();
    const look = { viewport, hasTouch: size === 'narrow', isMobile: size === 'narrow' };
    const faults: string[] = [];
    const check = async (page: Page, screen: string, part?: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const fault of await findFaults(page, part)) faults.push(`${screen}, ${colorScheme}: ${fault}`);
      }
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wider > 0) faults.push(`${screen} is ${wider} px wider than the window`);
      const framed = await page.evaluate(() => document.querySelector('#app .panes') !== null);
      const higher = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
      if (framed && higher > 0) faults.push(`${screen} is ${higher} px higher than the window`);
    };
    const context = await profile(look);
    const stranger = await openPage(context, server);
    await stranger.getByRole('button', { name: 'Set up' }).waitFor();
    await check(stranger, 'set up');
    await stranger.getByText('Who may join, and who finds whom').click();
    await stranger.getByText('Strangers meet here').waitFor();
    await check(stranger, 'set up, with what is chosen');

    const mara = await signUp(context, server, { name: 'mara' });
    await stranger.goto(`${server}/1/sign-in`);
    await stranger.getByRole('button', { name: 'Sign in' }).waitFor();
    await stranger.getByText('Forgot your password?').click();
    await check(stranger, 'sign in');
    await stranger.getByRole('link', { name: 'Create account' }).click();
    await stranger.getByRole('button', { name: 'Create account' }).waitFor();
    await check(stranger, 'sign up');
    await stranger.close();
    await check(mara, 'empty inbox');
    await mara.getByRole('button', { name: 'You and your accounts' }).click();
    await mara.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await check(mara, 'profile menu', '[role=dialog]');
    await mara.getByRole('menuitem', { name: 'Sign out' }).click();
    await mara.getByText('Your chats stay on the server.').waitFor();
    await check(mara, 'sign out');
    await mara.keyboard.press('Escape');
    await mara.getByRole('button', { name: 'Save a recovery code' }).click();
    await mara.getByRole('button', { name: 'Save as a file' }).waitFor();
    await check(mara, 'recovery code');
    await mara.keyboard.press('Escape');
    const theo = await signUp(await profile(look), server, { name: 'theo', forgives: /401|403|WebSocket/ });
    await theo.goto(`${server}/0/settings/server`);
    await theo.getByText('Anyone who can reach this server may join.').waitFor();
    await check(theo, 'server, of somebody who does not run it');
    await createGroup(mara, 'Garden', 'theo');
    await check(mara, 'empty conversation');
    await say(mara, 'A first word, and https://example.org with it');
    await waitForText(mara, 'A first word');
    await check(mara, 'conversation');
    for (const [part, role, open] of [
      ['palette', 'option', () => mara.keyboard.press('Control+k')],
      ['actions', 'menuitem', () => mara.locator('.message').click({ button: 'right' })],
      ['shortcuts', 'term', () => mara.getByRole('button', { name: 'Details' }).press('?')],
    ] as const) {
      await open();
      await mara.getByRole(role).first().waitFor();
      await check(mara, part, '[role=dialog]');
      if (part === 'actions') await mara.getByRole('menuitem', { name: 'Reply' }).press('Enter');
      else await mara.keyboard.press('Escape');
      await mara.getByRole(role).first().waitFor({ state: 'detached' });
      if (part === 'actions') await mara.locator('.composer-field:focus').waitFor();
    }
    await check(mara, 'reply');
    await say(mara, 'An answer');
    await waitForText(mara, 'An answer');
    await check(mara, 'quote');
    const conversation = new URL(mara.url()).pathname;
    for (const [screen, path, shows] of [
      ['inbox', '/0/', 'Garden'],
      ['details', `${conversation}/details`, 'Members'],
      ['new chat', '/0/new', 'Theo'],
      ['new group', '/0/new-group', 'Theo'],
      ['settings', '/0/settings', 'Devices'],
      ['account', '/0/settings/account', 'Change password'],
      ['recovery', '/1/recover', 'Recovery code'],
      ['devices', '/0/settings/devices', 'This device'],
      ['privacy', '/0/settings/privacy', 'Nobody'],
      ['notifications', '/0/settings/notifications', 'Muted chats'],
      ['appearance', '/0/settings/appearance', 'Accent'],
      ['storage', '/0/settings/storage', 'are kept in this browser'],
      ['server', '/0/settings/server', 'Invitations'],
      ['shortcuts', '/0/settings/shortcuts', 'New line'],
      ['archive', '/0/archived', 'Nothing is archived'],
      ['requests', '/0/requests', 'Nobody is asking'],
      ['nowhere', '/0/nowhere', 'There is nothing at this address'],
    ] as const) {
      await mara.goto(server + path);
      await mara.getByText(shows).first().waitFor();
      await check(mara, screen);
    }
    await mara.goto(`${server}/0/settings/appearance`);
    await mara.getByText('150%').click();
    await check(mara, 'large text');
    await mara.goto(server + conversation);
    await mara.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    await check(mara, 'conversation in large text');
    await mara.goto(`${server}/0/settings/appearance`);
    await mara.getByText('100%').click();
    await mara.goto(`${server}/0/settings/devices`);
    await mara.getByRole('button', { name: 'Add a device' }).click();
    await mara.getByText(/^Works for/).waitFor();
    await check(mara, 'add a device');
    const device = await linkOf(mara);
    await mara.goto(`${server}/0/settings/server`);
    await mara.getByRole('button', { name: 'Actions for Theo' }).click();
    await mara.getByRole('menuitem', { name: 'Make a sign-in link' }).waitFor();
    await check(mara, 'actions for a person', '[role=dialog]');
    await mara.getByRole('menuitem', { name: 'Make a sign-in link' }).click();
    const signInLink = await linkOf(mara);
    await check(mara, 'sign-in link');
    await mara.getByRole('button', { name: 'Close' }).click();
    await mara.getByRole('button', { name: 'Actions for Theo' }).click();
    await mara.getByRole('menuitem', { name: 'Deactivate' }).click();
    await check(mara, 'somebody to be deactivated');
    await mara.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
    await mara.getByText('@theo · Deactivated').waitFor();
    await check(mara, 'somebody deactivated');
    await theo.getByText('You were signed out on this device').waitFor();
    await check(theo, 'signed out elsewhere');
    await theo.close();
    await mara.getByRole('button', { name: 'Invite people' }).click();
    await mara.getByRole('button', { name: 'Make a link' }).click();
    const ended = await linkOf(mara);
    await mara.getByRole('button', { name: 'Close' }).click();
    await mara.getByRole('button', { name: 'End the invitation to this server' }).click();
    await mara.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
    await mara.getByText('None is open.').waitFor();
    await mara.getByRole('button', { name: 'Invite people' }).click();
    await mara.getByRole('button', { name: 'Make a link' }).waitFor();
    await check(mara, 'invite');
    await mara.getByRole('button', { name: 'Make a link' }).click();
    const invitation = await linkOf(mara);
    await check(mara, 'invited');
    for (const [screen, address, shows] of [
      ['enter', device, 'Sign this device in as'],
      ['enter with a new password', signInLink, 'Mara made this link for you.'],
      ['invitation that ended', ended, 'This link was taken back.'],
      ['join or go on', invitation, 'Go on as Mara'],
      ['join', invitation.replace('/join', '/1/join'), 'Your name'],
      ['no such link', invitation.replace(/.{22}$/, 'a'.repeat(22)), 'There is no such link'],
    ] as const) {
      const page = await openPage(context, address, /404/);
      await page.getByText(shows).first().waitFor();
      await check(page, screen);
      await page.close();
    }
    expect(faults).toEqual([]);
  }, 150_000);
}

test('every part in every state, light and dark', async () => {
  const server = await startServer({ parts: true });
  for (const viewport of [WIDE, NARROW]) {
    const page = await openPage(await profile({ viewport }), `${server}/parts`);
    for (const scheme of ['light', 'dark']) {
      await page.getByText(scheme, { exact: true }).click();
      expect(await findFaults(page)).toEqual([]);
      for (const over of ['dialog', 'menu', 'menu of a chat', 'receipts', 'person']) {
        await page.getByRole('button', { name: over, exact: true }).click();
        await page.locator('[role=dialog], [role=menu]').first().waitFor();
        expect(await findFaults(page, '[role=dialog], [role=menu]')).toEqual([]);
        await page.keyboard.press('Escape');
        await page.locator('[role=dialog], [role=menu]').first().waitFor({ state: 'detached' });
      }
      await page.getByRole('button', { name: 'toast' }).click();
      await page.getByRole('button', { name: 'Undo' }).hover();
      expect(await findFaults(page, '.toasts')).toEqual([]);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider).toBe(0);
    }
  }
}, 150_000);

test('a browser that cannot run the app says so', async () => {
  const server = await startServer();
  const context = await profile();
  const good = await openPage(context, server);
  await good.getByRole('button', { name: 'Set up' }).waitFor();
  expect(await good.getByText('This browser is too old').isVisible()).toBe(false);
  await context.route('**/assets/*.js', (route) => route.abort());
  const page = await openPage(context, server, /ERR_FAILED/);
  await page.getByText('This browser is too old').waitFor();
}, 60_000);
