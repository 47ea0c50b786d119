/** Settings: where they are, what they say, and what they change. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { SETTINGS_PARTS } from '../../src/web/routes.ts';
import { atEnd } from '../endings.ts';
import { bot, userOf } from './bot.ts';
import { cable } from './cable.ts';
import { createGroup, openSettings, say, waitForText } from './chat.ts';
import { launch, openPage, PASSWORD, profile, signUp, signUpAtDoor, startServer } from './town.ts';

const CUT = /net::ERR_|WebSocket/;
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 1 });

test('each address of Settings survives a reload; Back and Escape lead out of it', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await openSettings(mara);
  for (const part of SETTINGS_PARTS) {
    const title = part[0]!.toUpperCase() + part.slice(1);
    await mara.getByRole('link', { name: title, exact: true }).click();
    await heading(mara, title).waitFor();
    expect(new URL(mara.url()).pathname).toBe(`/0/settings/${part}`);
    await mara.reload();
    await heading(mara, title).waitFor();
    await mara.goBack();
    await heading(mara, 'Settings').waitFor();
    await mara.goForward();
    await heading(mara, title).waitFor();
    await mara.keyboard.press('Escape');
    await heading(mara, 'Settings').waitFor();
  }
  await mara.reload();
  await heading(mara, 'Settings').waitFor();
  await mara.keyboard.press('Escape');
  await heading(mara, 'Chats').waitFor();
}, 90_000);

test('on plain http, Notifications says what needs https, and nothing else does; Storage says what is kept', async () => {
  const server = await startServer();
  const browser = await launch('--host-resolver-rules=MAP parley.test 127.0.0.1');
  atEnd(() => browser.close());
  const address = server.replace('127.0.0.1', 'parley.test');
  const mara = await signUpAtDoor(await profile({}, browser), address, { name: 'mara' });
  await createGroup(mara, 'Garden');
  await say(mara, 'Beans');
  await waitForText(mara, 'Beans');
  await openSettings(mara);
  const nag = mara.getByText('need https');
  for (const part of SETTINGS_PARTS) {
    await mara.goto(`${address}/0/settings/${part}`);
    await mara.getByRole('heading', { level: 1 }).first().waitFor();
    if (part === 'notifications') await nag.waitFor();
    else expect(await nag.count()).toBe(0);
    if (part === 'storage') {
      // The browser does not tell the bytes here.
      const kept = mara.getByText('1 chat and 2 messages are kept in this browser');
      await kept.waitFor();
      expect(await kept.innerText()).not.toContain('MB');
    }
  }
}, 90_000);

test('what is kept here is not cleared while something is unsent, and comes back after it was', async () => {
  const server = await startServer();
  const line = await cable(server);
  const mara = await signUp(await profile(), line.url, { name: 'mara', forgives: CUT });
  await createGroup(mara, 'Garden');
  const conversation = mara.url();
  line.pull();
  await say(mara, 'not yet');
  await openSettings(mara);
  await mara.getByRole('link', { name: 'Storage' }).click();
  await mara.getByText('One message is not sent yet and kept only here.').waitFor();
  const clear = mara.getByRole('button', { name: 'Clear what is kept here' });
  expect(await clear.isDisabled()).toBe(true);
  line.plug();
  await mara.getByText('Your chats stay on the server, and come back as you read.').waitFor({ timeout: 60_000 });
  await Promise.all([mara.waitForEvent('load'), clear.click()]);
  await mara.getByText(/About [\d.,]+ MB\./).waitFor();
  await mara.goto(conversation);
  await waitForText(mara, 'not yet');
}, 120_000);

test('who does not run the server sees what holds there, and invites people', async () => {
  const server = await startServer({ join: 'anyone' });
  await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile(), server, { name: 'theo' });
  await theo.goto(`${server}/0/settings/server`);
  await theo.getByText('Anyone who can reach this server may join.').waitFor();
  await theo.getByText('All are listed under New chat, with who is online.').waitFor();
  for (const role of ['radio', 'textbox'] as const) expect(await theo.getByRole(role).count()).toBe(0);
  expect(await theo.getByRole('heading', { name: 'People', exact: true }).count()).toBe(0);
  await theo.getByText('None is open.').waitFor();
  await theo.getByRole('button', { name: 'Invite people' }).click();
  expect(await theo.getByRole('radio', { name: 'Admin' }).count()).toBe(0);
  await theo.getByRole('button', { name: 'Make a link' }).click();
  await theo.getByRole('textbox', { name: 'Link' }).waitFor();
  await theo.getByRole('button', { name: 'End the invitation to this server', includeHidden: true }).waitFor();
  expect(await theo.getByText('None is open.').count()).toBe(0);
}, 60_000);

test('the colours that are chosen are those of the frame around the page, too', async () => {
  const server = await startServer();
  const mara = await signUp(await profile({ colorScheme: 'light' }), server, { name: 'mara' });
  await mara.goto(`${server}/0/settings/appearance`);
  const frame = () =>
    mara
      .locator('meta[name=theme-color]')
      .evaluateAll((metas) =>
        metas.flatMap((meta) =>
          matchMedia((meta as HTMLMetaElement).media).matches ? [(meta as HTMLMetaElement).content] : [],
        ),
      );
  const [light] = await frame();
  await mara.getByText('Dark', { exact: true }).click();
  const [dark] = await frame();
  expect(dark).not.toBe(light!);
  await mara.reload();
  await mara.getByText('Dark', { exact: true }).waitFor();
  expect(await frame()).toEqual([dark!]);
  await mara.getByText('As the system', { exact: true }).click();
  expect(await frame()).toEqual([light!]);
}, 60_000);

test('a recovery code is offered after sign-up until one is kept, and the first asks for no password', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const offer = mara.getByRole('button', { name: 'Save a recovery code' });
  const focused = (name: string) =>
    mara.waitForFunction(
      (name) => [document.activeElement?.ariaLabel, document.activeElement?.textContent].includes(name),
      name,
    );
  await offer.click();
  await mara.locator('.code-shown').waitFor();
  await mara.keyboard.press('Escape');
  await focused('Save a recovery code');
  await offer.click();
  await mara.getByRole('dialog').getByLabel('Password').fill(PASSWORD);
  await mara.getByRole('button', { name: 'Make a recovery code' }).click();
  const code = await mara.locator('.code-shown').innerText();
  const saving = mara.waitForEvent('download');
  await mara.getByRole('button', { name: 'Save as a file' }).click();
  expect(await Bun.file((await (await saving).path())!).text()).toContain(code);
  await mara.keyboard.press('Escape');
  await focused('New chat');
  await mara.reload();
  await heading(mara, 'Chats').waitFor();
  expect(await offer.count()).toBe(0);
  const other = await openPage(await profile(), `${server}/0/recover`);
  await other.getByLabel('User name').fill('mara');
  await other.getByLabel('Recovery code').fill(code);
  await other.getByLabel('New password').fill(PASSWORD);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await heading(other, 'Chats').waitFor();
  await other.getByText('That recovery code is used up. Save a new one for the next time.').waitFor();
}, 60_000);

test('the accounts of a browser lead to each other, with what is unread there', async () => {
  const server = await startServer();
  const context = await profile();
  const mara = await signUp(context, server, { name: 'mara' });
  const menu = (page: Page) => page.getByRole('button', { name: 'You and your accounts' }).click();
  await menu(mara);
  const opening = context.waitForEvent('page');
  await mara.getByRole('menuitem', { name: 'Add account' }).click();
  const theo = await opening;
  await theo.getByRole('link', { name: 'Create account' }).click();
  await theo.getByLabel('User name').fill('theo');
  await theo.getByLabel('Your name').fill('Theo');
  await theo.getByLabel('Password').fill(PASSWORD);
  await theo.getByRole('button', { name: 'Create account' }).click();
  await heading(theo, 'Chats').waitFor();
  expect(new URL(theo.url()).pathname).toBe('/1/');
  const ines = await bot(server, 'ines');
  const conversation = await ines.openDirect(await userOf(ines, 'theo'));
  await ines.send(conversation, 'Hello!');
  await theo.getByRole('link', { name: /Hello!/ }).waitFor();
  await menu(mara);
  await mara.getByRole('menuitem', { name: /^Theo.*1 unread message/ }).click();
  await theo.waitForFunction(() => document.hasFocus());
  expect(context.pages()).toHaveLength(2);
}, 60_000);

test('why a name is not kept is said at its field, which has the focus, until something else is written', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await createGroup(mara, 'Garden');
  await mara.getByRole('button', { name: 'Details' }).click();
  await mara.getByRole('button', { name: 'Rename' }).click();
  const field = mara.getByLabel('Name of the group');
  const save = mara.getByRole('button', { name: 'Save', exact: true });
  const said = mara.locator('.field .wrong');
  const why = async () => {
    await said.waitFor();
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await field.getAttribute('aria-describedby')).toContain(await said.getAttribute('id'));
    return said.innerText();
  };
  await field.fill('  ');
  await save.click();
  expect(await why()).toBe('Fill this in.');
  await field.fill('Ga'.repeat(500));
  await said.waitFor({ state: 'hidden' });
  await save.click();
  expect(await why()).toBe('That name is too long. Use a shorter one.');
  await field.pressSequentially('r');
  await said.waitFor({ state: 'hidden' });
  await field.fill('Garden beds');
  await save.click();
  await mara.getByRole('heading', { name: 'Garden beds' }).first().waitFor();
}, 60_000);
