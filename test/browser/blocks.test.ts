/** Blocking somebody, from where one meets them, and taking it back. */
import { expect, test } from 'bun:test';
import { createGroup, messages, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

test('a chat with somebody blocked says so in place of the composer, on both sizes, and everything comes back', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'theo' });
  await mara.goto(`${server}/0/new`);
  await mara.getByRole('searchbox').fill('theo');
  await mara.getByRole('option', { name: /@theo/ }).click();
  await say(mara, 'Hello Theo');
  await theo.getByRole('link', { name: /^Mara/ }).click();
  await waitForText(theo, 'Hello Theo');
  await mara.getByText('online', { exact: true }).first().waitFor();

  await mara.getByRole('button', { name: 'Details' }).click();
  await mara.getByRole('button', { name: 'Block Theo' }).click();
  const dialog = mara.getByRole('dialog', { name: 'Block Theo?' });
  await dialog.getByText('Theo is not told').waitFor();
  expect(await findFaults(mara)).toEqual([]);
  await mara.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await mara.getByRole('button', { name: 'Block Theo' }).press('Enter');
  await dialog.getByRole('button', { name: 'Block', exact: true }).click();
  await mara.getByText('You blocked Theo.').waitFor();
  await mara.getByText('Theo is blocked.').waitFor();
  expect(await mara.getByRole('textbox', { name: 'Message', exact: true }).count()).toBe(0);
  await mara.getByText('online', { exact: true }).first().waitFor({ state: 'detached' });

  await say(theo, 'And how are you?');
  await theo.getByText('You cannot write to this person.').waitFor();
  expect(await messages(mara).getByText('And how are you?').count()).toBe(0);

  await mara.goto(`${server}/0/settings/privacy`);
  const blocked = mara.getByRole('list', { name: 'Blocked people' });
  await blocked.getByText('Theo').waitFor();
  expect(await findFaults(mara)).toEqual([]);
  await blocked.getByRole('button', { name: 'Unblock Theo' }).click();
  await mara.getByText('You have blocked nobody.').waitFor();
  await mara.getByRole('button', { name: 'Undo' }).click();
  await blocked.getByText('Theo').waitFor();
  await mara.goto(`${server}/0/`);
  await mara.getByRole('link', { name: /^Theo/ }).click();
  await mara.getByRole('button', { name: 'Unblock', exact: true }).click();
  await say(mara, 'I am well');
  await waitForText(theo, 'I am well');
}, 60_000);

test('what somebody blocked says in a group is folded, also in the list, and shown to whoever asks', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'theo' });
  await createGroup(mara, 'Choir', 'theo');
  await theo.getByRole('link', { name: /^Choir/ }).click();
  await say(theo, 'Loud words');
  await waitForText(mara, 'Loud words');
  await mara.getByRole('button', { name: 'Details' }).click();
  await mara.getByRole('button', { name: 'Actions for Theo' }).click();
  await mara.getByRole('menuitem', { name: 'Block' }).click();
  await mara.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
  await messages(mara).getByText('Message from somebody you blocked.').waitFor();
  await mara
    .getByRole('link', { name: /^Choir/ })
    .getByText('Message from somebody you blocked.')
    .waitFor();
  expect(await messages(mara).innerText()).not.toContain('Loud words');
  expect(await findFaults(mara)).toEqual([]);
  await messages(mara).getByRole('button', { name: 'Show' }).press('Enter');
  await messages(mara).getByText('Loud words').waitFor();
  await mara.getByRole('button', { name: 'Actions for Theo' }).click();
  await mara.getByRole('menuitem', { name: 'Unblock' }).click();
  await mara
    .getByRole('link', { name: /^Choir/ })
    .getByText('Loud words')
    .waitFor();
}, 60_000);
