/** Reporting somebody, and what those who run the server make of it. */
import { expect, test } from 'bun:test';
import { messages, say, waitForText } from './chat.ts';
import { findFaults } from './faults.ts';
import { profile, signUp, startServer } from './town.ts';

test('a message is reported with its words only when they are given, and settled by whoever runs the server', async () => {
  const server = await startServer();
  const owner = await signUp(await profile(), server, { name: 'mara' });
  const theo = await signUp(await profile(), server, { name: 'theo' });
  const ines = await signUp(await profile({ viewport: { width: 390, height: 844 } }), server, { name: 'ines' });
  await ines.goto(`${server}/0/new`);
  await ines.getByRole('searchbox').fill('theo');
  await ines.getByRole('option', { name: /@theo/ }).click();
  await say(ines, 'Hello');
  await theo.getByRole('link', { name: /^Ines/ }).click();
  await say(theo, 'Buy my watches');
  await waitForText(ines, 'Buy my watches');

  await messages(ines).locator('.message', { hasText: 'Buy my watches' }).click({ button: 'right' });
  await ines.getByRole('menuitem', { name: 'Report' }).click();
  const dialog = ines.getByRole('dialog', { name: 'Report this message' });
  await dialog.getByText('Advertising or fraud').waitFor();
  await dialog.getByText('They learn when it was sent and by whom').waitFor();
  await dialog.getByText('Let them read what this message says').click();
  await dialog.getByText('kept for up to 180 days').waitFor();
  await dialog.getByText('Also block Theo').click();
  await dialog.getByRole('textbox').fill('The third time today.');
  expect(await findFaults(ines)).toEqual([]);
  await dialog.getByRole('button', { name: 'Report' }).click();
  await ines.getByText('Reported to those who run this server.').waitFor();
  await ines.getByText('You blocked Theo.').waitFor();

  await owner.goto(`${server}/0/settings/server`);
  const reports = owner.getByRole('list', { name: 'Reports' });
  await reports.getByText('Advertising or fraud: Theo').waitFor();
  await reports.getByText('Buy my watches').waitFor();
  await reports.getByText('The third time today.').waitFor();
  await reports.getByText('Reported by Ines').waitFor();
  expect(await findFaults(owner)).toEqual([]);
  await reports.getByRole('button', { name: 'Deactivate Theo' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await theo.getByText('You were signed out').waitFor();
  await reports.getByRole('button', { name: /^Done with/ }).click();
  await reports.getByText('Done by Mara').waitFor();
  await owner.reload();
  await owner.getByText('Nothing is open.').waitFor();
  await owner.getByText('Also those that are done').click();
  await reports.getByText('Done by Mara').waitFor();
}, 60_000);
