/** The first fifteen minutes: a server is set up by its link, and people and devices come in by theirs. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { createGroup, say } from './chat.ts';
import { openPage, PASSWORD, profile, signUp, startFresh, startServer } from './town.ts';

async function fillIn(page: Page, displayName: string, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(displayName);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
}

/** Makes an invitation in the dialog that is open; its address. */
async function makeLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Make a link' }).click();
  return page.getByRole('textbox', { name: 'Link' }).inputValue();
}

async function inviteToGroup(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Invite by link' }).click();
  const link = await makeLink(page);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  return link;
}

test('a fresh server is set up on the page that it opens with, by whoever then owns it', async () => {
  const server = await startServer({ join: 'invited' });
  const page = await openPage(await profile(), server);
  const serverName = page.getByLabel('Name of the server');
  await serverName.fill('Elm Street');
  await fillIn(page, 'Mara', 'mara');
  await page.getByText('People with an invitation; everyone knows each other.').click();
  await page.getByText('Strangers meet here').click();
  await page.getByText('Each is found by the exact user name only, and asks before the first chat.').waitFor();
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('main').getByText('No conversations yet.').waitFor();
  await page.getByRole('button', { name: 'Saved messages' }).waitFor();
  await page.goto(`${server}/0/settings/server`);
  expect(await serverName.inputValue()).toBe('Elm Street');
  expect(await page.getByRole('radio', { name: 'People with an invitation' }).isChecked()).toBe(true);
  expect(await page.getByRole('radio', { name: /Strangers meet here/ }).isChecked()).toBe(true);
  await serverName.fill('Elm Street 12');
  await page.getByRole('button', { name: 'Save' }).click();
  const stranger = await openPage(await profile(), server);
  await stranger.getByRole('heading', { name: 'Elm Street 12' }).waitFor();
  await stranger.getByText('New people come here by invitation. Ask Mara for a link.').waitFor();
}, 60_000);

test('what is refused is said at its field, which has the focus, as the first one has when the door opens', async () => {
  const server = await startServer();
  await signUp(await profile(), server, { name: 'mara' });
  const page = await openPage(await profile(), `${server}/0/sign-up`, /409|422/);
  const saidAt = async (name: string) => {
    const field = page.locator(`input[name=${name}][aria-invalid=true]`);
    await field.and(page.locator(':focus')).waitFor();
    const said = (await field.getAttribute('aria-describedby'))!.split(' ');
    return (await Promise.all(said.map((id) => page.locator(`[id="${id}"]`).innerText()))).at(-1);
  };
  await page.waitForFunction(() => document.activeElement?.matches('input[name=displayName]'));
  await fillIn(page, 'Another', 'mara');
  await page.getByLabel('Password').fill('short');
  const create = page.getByRole('button', { name: 'Create account' });
  await create.click();
  expect(await saidAt('password')).toBe('Use at least 10 characters. Any will do.');
  expect(await page.getByText('At least 10 characters. Any will do.', { exact: true }).isVisible()).toBe(false);
  await page.keyboard.type('er, but long enough now');
  await create.click();
  expect(await saidAt('name')).toMatch(/^The name mara is taken\. mara\S+(, mara\S+)*,? and mara\S+ are free\.$/);
  await page.getByLabel('User name').fill('mara.too');
  expect(await page.locator('[aria-invalid=true]').count()).toBe(0);
  await create.click();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
}, 60_000);

test('where strangers meet, one is found by the exact user name only', async () => {
  const server = await startServer();
  const [mara, theo] = [
    await signUp(await profile(), server, { name: 'mara' }),
    await signUp(await profile(), server, { name: 'theo' }),
  ];
  await mara.goto(`${server}/0/settings/server`);
  await mara.getByText('Strangers meet here').click();
  await mara.reload();
  expect(await mara.getByRole('radio', { name: /Strangers meet here/ }).isChecked()).toBe(true);
  await theo.goto(`${server}/0/new`);
  const search = theo.getByRole('searchbox');
  await theo.getByText('People are found here by their exact user name.').waitFor();
  expect(await search.getAttribute('placeholder')).toBe('User name');
  await search.fill('mar');
  await theo.getByText('Nobody has exactly this user name.').waitFor();
  await search.fill('mara');
  await theo.getByRole('option', { name: /mara/ }).waitFor();
}, 60_000);

test('whoever mistypes a name is told who may be meant', async () => {
  const server = await startServer();
  await signUp(await profile(), server, { name: 'theo' });
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await mara.goto(`${server}/0/new`);
  await mara.getByRole('option', { name: /@theo/ }).waitFor();
  await mara.getByRole('searchbox').fill('@thoe');
  await mara.getByText('Nobody here is called @thoe. Did you mean @theo?').waitFor();
  await mara.getByRole('option', { name: /@theo/ }).click();
  await mara.getByRole('heading', { name: 'Theo' }).waitFor();
}, 60_000);

test('a server is set up by the link that it prints, once', async () => {
  const { server, setUp } = await startFresh({ join: 'invited' });
  const page = await openPage(await profile(), setUp);
  await fillIn(page, 'Mara', 'mara');
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('heading', { name: 'Chats' }).waitFor();
  await page.goto(`${server}/0/settings/server`);
  await page.getByText('@mara · Owner').waitFor();
  const late = await openPage(await profile(), setUp);
  await late.getByText('The server has an owner. Sign in, or ask for an invitation.').waitFor();
}, 60_000);

test('an invitation to a group says who invites to what, and leads there in a slot of its own', async () => {
  const server = await startServer({ join: 'invited' });
  const context = await profile();
  const mara = await signUp(context, server, { name: 'mara' });
  await createGroup(mara, 'Garden');
  await mara.goto(`${mara.url().replace(/\/\d*$/, '')}/details`);
  const link = await inviteToGroup(mara);

  const page = await openPage(context, link);
  await page.getByText('Mara invites you to the group “Garden”, 1 person so far.').waitFor();
  await page.getByRole('link', { name: 'Make another account' }).click();
  await fillIn(page, 'Theo', 'theo');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/1\/c\//);
  await mara.getByText('Members (2)').waitFor();

  const late = await openPage(await profile(), link, /410|404/);
  await late.getByText('This link was used. Ask Mara for a new one.').waitFor();
}, 60_000);

test('who is signed in uses an invitation as who they are', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await createGroup(mara, 'Garden');
  await mara.goto(`${mara.url().replace(/\/\d*$/, '')}/details`);
  const link = await inviteToGroup(mara);
  const context = await profile();
  const theo = await signUp(context, server, { name: 'theo' });
  await theo.goto(link);
  await theo.getByRole('link', { name: 'Join as Theo' }).click();
  await theo.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  expect(new URL(theo.url()).pathname).toMatch(/^\/0\/c\//);
}, 60_000);

test('a device is let in by a link, without a password, once', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await mara.goto(`${server}/0/settings/devices`);
  await mara.getByRole('button', { name: 'Add a device' }).click();
  await mara.getByText(/Works for [12]:\d\d more\./).waitFor();
  const link = await mara.getByRole('textbox', { name: 'Link' }).inputValue();
  const phone = await openPage(await profile({ viewport: { width: 390, height: 844 } }), link);
  await phone.getByText('Sign this device in as Mara (@mara)').waitFor();
  await phone.getByRole('button', { name: 'Sign in' }).click();
  await phone.getByRole('heading', { name: 'Chats' }).waitFor();
  await mara.getByText('The other device is signed in.').waitFor();
  await mara.getByRole('button', { name: 'Done' }).click();
  await mara.getByText('online', { exact: true }).waitFor();
  const other = await openPage(await profile(), link);
  await other.getByText('This link was used. Make another under Settings, Devices.').waitFor();
}, 60_000);

test('whoever joins by an invitation lands in the chat with the inviter, who sees it', async () => {
  const server = await startServer({ join: 'invited' });
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await mara.getByRole('button', { name: 'Invite people' }).click();
  const theo = await openPage(await profile(), await makeLink(mara));
  await mara.getByRole('button', { name: 'Close', exact: true }).click();
  await fillIn(theo, 'Theo', 'theo');
  await theo.getByRole('button', { name: 'Join', exact: true }).click();
  await theo.getByRole('heading', { name: 'Mara' }).waitFor();
  await theo.getByRole('link', { name: /^Mara.*You joined by Mara’s invitation/ }).waitFor();
  await mara.getByRole('link', { name: /^Theo.*Theo joined by your invitation/ }).click();
  await say(mara, 'Welcome!');
  await theo.getByRole('log').getByText('Welcome!').waitFor();
}, 60_000);

test('a link made on the server’s own machine says where other devices reach it', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await mara.goto(`${server}/0/settings/devices`);
  const add = mara.getByRole('button', { name: 'Add a device' });
  await add.click();
  await mara.getByText('Other devices get in once the server is started with “npm start -- --lan”.').waitFor();
  expect(await mara.locator('.qr').count()).toBe(0);
  await mara.keyboard.press('Escape');
  // As it is with --lan, whatever network this test runs in.
  await mara.route('**/api/server', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), lan: 'http://192.168.7.20:7275' } });
  });
  await add.click();
  await mara.waitForFunction(
    () => document.querySelector('input')?.value.startsWith('http://192.168.7.20:7275/enter/') === true,
  );
  expect(await mara.locator('.qr').count()).toBe(1);
  expect(await mara.getByText('npm start').count()).toBe(0);
}, 60_000);

test('an invitation is still shown when the window gets narrow, and taken back lets nobody in', async () => {
  const server = await startServer({ join: 'invited' });
  const mara = await signUp(await profile(), server, { name: 'mara' });
  await mara.goto(`${server}/0/settings/server`);
  await mara.getByRole('button', { name: 'Invite people' }).click();
  const link = await makeLink(mara);
  for (const width of [390, 1_280]) {
    await mara.setViewportSize({ width, height: 800 });
    await mara.waitForFunction((wide) => (document.querySelector('#app .main-pane') !== null) === wide, width > 700);
    expect(await mara.getByRole('textbox', { name: 'Link' }).inputValue()).toBe(link);
  }
  await mara.getByRole('button', { name: 'Close', exact: true }).click();
  const theo = await openPage(await profile(), link);
  await theo.getByText('Mara invites you to chat here.').waitFor();
  await mara.getByRole('button', { name: 'End the invitation to this server' }).click();
  await mara.getByText('Nobody comes in with its link any more.').waitFor();
  await mara.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
  await mara.getByText('None is open.').waitFor();
  await theo.reload();
  await theo.getByText(/^This link was taken back\./).waitFor();
}, 60_000);

test('who forgot the password comes back by a link, and is told who made it', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile(), server, { name: 'theo', forgives: /401|WebSocket/ });
  await mara.goto(`${server}/0/settings/server`);
  await mara.getByRole('button', { name: 'Actions for Theo' }).click();
  await mara.getByRole('menuitem', { name: 'Make a sign-in link' }).click();
  const link = await mara.getByRole('textbox', { name: 'Link' }).inputValue();
  const phone = await openPage(await profile(), link);
  await phone.getByText('Mara made this link for you.').waitFor();
  await phone.getByLabel('New password').fill('another horse battery');
  await phone.getByRole('button', { name: 'Sign in' }).click();
  await phone.getByRole('heading', { name: 'Chats' }).waitFor();
  await theo.getByText(/^You were signed out on this device/).waitFor();
}, 60_000);

test('a recovery code lets one in without the password, and sets a new one', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara', forgives: /401|403|WebSocket/ });
  await mara.goto(`${server}/0/settings/account`);
  await mara.getByRole('button', { name: 'Make a recovery code' }).click();
  const dialog = mara.getByRole('dialog');
  await dialog.getByLabel('Password').fill('not that one');
  await dialog.getByRole('button', { name: 'Make a recovery code' }).click();
  await dialog.locator('.field', { hasText: 'That is not your password.' }).locator(':focus').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Make a recovery code' }).click();
  const code = await dialog.locator('.code-shown').innerText();
  const other = await openPage(await profile(), `${server}/0/sign-in`);
  await other.getByText('Forgot your password?').click();
  await other.getByRole('link', { name: 'Use a recovery code' }).click();
  await other.getByLabel('User name').fill('mara');
  await other.getByLabel('Recovery code').fill(code);
  await other.getByLabel('New password').fill('another horse battery');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByRole('heading', { name: 'Chats' }).waitFor();
}, 60_000);

test('alone on a server, one tries it with a guest in another tab', async () => {
  const server = await startServer();
  const context = await profile();
  const mara = await signUp(context, server, { name: 'mara' });
  const opening = context.waitForEvent('page');
  await mara.getByRole('button', { name: 'Try it with yourself' }).click();
  const guest = await opening;
  await guest.getByRole('link', { name: /^Mara/ }).waitFor();
  expect(new URL(guest.url()).pathname).toStartWith('/1/c/');
  // A chat with a guest is not what a server is for.
  await mara.getByRole('button', { name: 'Invite people' }).waitFor();
  await say(mara, 'Is anybody there?');
  await guest.getByRole('link', { name: /^Mara.*Is anybody there/ }).waitFor();
}, 60_000);

test('a deactivated account is signed out, and let in again once it is activated', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile(), server, { name: 'theo', forgives: /401|403|WebSocket/ });
  await mara.goto(`${server}/0/settings/server`);
  const act = async (name: string) => {
    await mara.getByRole('button', { name: 'Actions for Theo' }).click();
    await mara.getByRole('menuitem', { name }).click();
  };
  await act('Deactivate');
  await mara.getByRole('button', { name: 'Cancel' }).click();
  await act('Deactivate');
  await mara.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await mara.getByText('@theo · Deactivated').waitFor();
  await theo.getByText(/^You were signed out on this device/).waitFor();
  await theo.getByRole('button', { name: 'Sign in' }).click();
  await theo.getByLabel('User name').fill('theo');
  await theo.getByLabel('Password').fill(PASSWORD);
  await theo.getByRole('button', { name: 'Sign in' }).click();
  await theo
    .getByRole('alert')
    .filter({ hasText: /deactivated/ })
    .waitFor();
  await act('Activate again');
  await mara.getByText('@theo', { exact: true }).waitFor();
  await theo.getByRole('button', { name: 'Sign in' }).click();
  await theo.getByRole('heading', { name: 'Chats' }).waitFor();
}, 60_000);
