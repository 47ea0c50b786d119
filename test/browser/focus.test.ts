/** The focus stays in the page: whatever goes away with it, Tab and screen readers go on from there. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { openPage, PASSWORD, profile, signUp, signUpAtDoor, startFresh, startServer } from './town.ts';

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

/** Something has the focus; where it is given, just that. */
async function hasFocus(page: Page, after: string, selector = '*'): Promise<void> {
  await page
    .waitForFunction((one) => document.activeElement?.matches(`${one}:not(body)`), selector)
    .catch(() => expect(`nothing has it after: ${after}`).toBe(''));
}

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`one keeps the focus from the set-up to the end of a group, on a ${size} page`, async () => {
    const { server, setUp } = await startFresh();
    const page = await openPage(await profile({ viewport }), setUp);
    const press = (role: 'button' | 'link' | 'menuitem' | 'option', name: string | RegExp) =>
      page.getByRole(role, { name, exact: true }).press('Enter');
    const leave = async (after: string) => {
      await page.waitForFunction(() => document.activeElement?.closest('[role=dialog], [role=menu]'));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await hasFocus(page, after);
    };
    await page.getByLabel('User name').fill('mara');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Chats' }).waitFor();
    await hasFocus(page, 'the set-up');
    await press('button', 'Not now');
    await hasFocus(page, 'the offer of a recovery code');
    await press('button', 'Invite people');
    await page.getByRole('button', { name: 'Make a link' }).press('Enter');
    await page.getByRole('textbox', { name: 'Link' }).waitFor();
    await hasFocus(page, 'a link was made');
    await leave('the dialog that invites');
    await press('button', 'You and your accounts');
    await page.getByRole('menuitem').first().waitFor();
    await leave('the menu of oneself');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await leave('the palette');
    await press('button', 'New chat');
    await page.getByRole('searchbox').waitFor();
    await hasFocus(page, 'new chat');
    await press('link', 'New group');
    const title = page.getByLabel('Name of the group');
    await title.fill('Garden');
    await hasFocus(page, 'new group');
    await press('button', 'Create group');
    await page.getByRole('heading', { name: 'Garden' }).waitFor();
    await hasFocus(page, 'the group is there', '.composer-field');
    await press('button', 'Details');
    await hasFocus(page, 'the details open');
    await press('button', 'Rename');
    await page.getByLabel('Name of the group').waitFor();
    await leave('renaming');
    await press('button', 'Leave group');
    await page.getByRole('dialog').getByRole('button', { name: 'Leave group' }).press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await hasFocus(page, 'one has left');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Details' }).waitFor({ state: 'detached' });
    await hasFocus(page, 'the details close');
    await page.goto(`${server}/0/`);
    await page.getByRole('link', { name: /^Garden/ }).press('Shift+F10');
    await press('menuitem', 'Archive');
    await page.getByRole('link', { name: /^Garden/ }).waitFor({ state: 'detached' });
    await hasFocus(page, 'the last chat is archived');
    await press('link', /^Archived/);
    await page.getByRole('heading', { name: 'Archived' }).waitFor();
    await hasFocus(page, 'the archive opens');
    await press('button', 'Back');
    await page.getByRole('heading', { name: 'Chats' }).waitFor();
    await hasFocus(page, 'back from the archive');
  }, 60_000);

  test(`one keeps the focus when strangers ask and answer, on a ${size} page`, async () => {
    const server = await startServer();
    const enter = async (name: string) => signUpAtDoor(await profile({ viewport }), server, { name });
    const [mara, theo, ines] = [await enter('mara'), await enter('theo'), await enter('ines')];
    await mara.goto(`${server}/0/settings/server`);
    await mara.getByText('Strangers meet here').click();
    await mara.reload();
    await mara.getByRole('radio', { name: /Strangers meet here/, checked: true }).waitFor();
    for (const [page, name] of [
      [theo, 'theo'],
      [ines, 'ines'],
    ] as const) {
      await page.getByRole('button', { name: 'New chat' }).press('Enter');
      await page.getByRole('searchbox').fill('mara');
      await page.getByRole('option', { name: /@mara/ }).press('Enter');
      await page.getByRole('textbox', { name: 'Message', exact: true }).fill(`I am ${name}`);
      await page.keyboard.press('Enter');
      await page.getByText('Not answered yet. You can').waitFor();
      await hasFocus(page, 'the first message to a stranger', '.main-pane h1');
    }
    for (const [name, answer, next] of [
      ['theo', 'Accept', '.composer-field'],
      ['ines', 'Decline', '*'],
    ] as const) {
      await mara.goto(`${server}/0/requests`);
      await mara.getByRole('link', { name: new RegExp(`^${name}`) }).press('Enter');
      await mara.getByRole('button', { name: answer }).press('Enter');
      await mara.getByRole('button', { name: answer }).waitFor({ state: 'detached' });
      await hasFocus(mara, answer, next);
    }
  }, 60_000);
}

test('the details move away before they are gone, where things may move', async () => {
  const server = await startServer();
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const page = await signUp(await profile({ viewport: { width: 1000, height: 800 }, reducedMotion }), server, {
      name: reducedMotion,
    });
    await page.getByRole('button', { name: 'Saved messages' }).click();
    await page.getByRole('button', { name: 'Details', exact: true }).press('Enter');
    const close = page.getByRole('button', { name: 'Close details' });
    await close.waitFor();
    const leaves = await page.evaluate(async () => {
      const pane = document.querySelector('.details-pane')!;
      pane.querySelector('button')!.click();
      await new Promise(requestAnimationFrame);
      return pane.isConnected;
    });
    expect([reducedMotion, leaves]).toEqual([reducedMotion, reducedMotion === 'no-preference']);
    await close.waitFor({ state: 'detached' });
    await hasFocus(page, 'the details close', '.bar-details');
  }
}, 60_000);
