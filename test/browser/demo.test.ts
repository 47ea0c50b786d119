/** The page in front of the demo, and what is behind its six doors. */
import { expect, test } from 'bun:test';
import type { BrowserContextOptions } from 'playwright-core';
import type { Plan, Visitor } from '../../src/demo/door/plan.ts';
import { hueOf, initials } from '../../src/web/text/people.ts';
import { messages } from './chat.ts';
import { findFaults } from './faults.ts';
import { openPage, profile, startDemo } from './town.ts';

const NARROW = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('six people open signed in, each in a slot of their own, with a message refused and one waiting', async () => {
  const server = await startDemo();
  const { visitors } = (await (await fetch(`${server}/demo/plan.json`)).json()) as Plan;
  for (const [look, { slot, name, displayName, user, unsent }] of [
    [{ colorScheme: 'light' }, visitors[0]!],
    [{ colorScheme: 'dark', ...NARROW }, visitors[1]!],
  ] satisfies [BrowserContextOptions, Visitor][]) {
    const context = await profile(look);
    const door = await openPage(context, server);
    await door.getByRole('link').first().waitFor();
    const doors = await door.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(doors).toEqual(visitors.map((visitor) => `/${visitor.slot}/`));
    expect(await findFaults(door)).toEqual([]);
    const row = door.getByRole('link', { name: `${displayName} @${name}` });
    const avatar = await row.locator('.avatar').evaluate(({ dataset }) => ({ ...dataset }));
    expect(avatar).toEqual({ size: 'row', hue: String(hueOf(user)), initials: initials(displayName) });
    const opening = context.waitForEvent('page');
    await row.press('Enter');
    const page = await opening;
    await page.getByRole('heading', { name: 'Chats' }).waitFor();
    for (const { conversation, text, resigned } of unsent) {
      await page.goto(`${server}/${slot}/c/${conversation}`);
      await messages(page).getByText(text).waitFor();
      await page
        .getByText(resigned ? /no longer in this group/ : /cannot store messages/)
        .first()
        .waitFor();
      expect(await findFaults(page)).toEqual([]);
    }
    await context.close();
  }
}, 60_000);
