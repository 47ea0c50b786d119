/** What `npm run pictures` photographs: each screen, and each state that it can be in, in the order of the visit. */
import type { BrowserContext, Page } from 'playwright-core';
import type { Street } from '../src/demo/street.ts';

export type Size = 'wide' | 'narrow' | 'medium' | 'large';

export interface Stage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly street: Street;
}

export interface Screen {
  readonly name: string;
  readonly sizes: readonly Size[];
  /** Those of them that are taken in dark colours, too. */
  readonly dark: readonly Size[];
  /** Whose it is, of the six at the door. */
  readonly slot: number;
  /** After the slot, or from the root when it begins with `/`; what stands in braces is a talk of Mara's. */
  readonly path: string | ((stage: Omit<Stage, 'page'>) => Promise<string>);
  /** What one does on the page before the picture. */
  readonly act?: ((stage: Stage) => Promise<unknown>) | undefined;
}

const ALL = ['wide', 'narrow', 'medium', 'large'] as const;
const BOTH = ['wide', 'narrow'] as const;
const NARROW = ['narrow'] as const;

/** All that is photographed has its bounds: what is wide is taken in dark colours where those are most of it. */
const BOTH_DARK: ReadonlySet<string> = new Set(['inbox', 'group', 'picture']);

/** In slots of the door; in the last of them nobody is signed in. */
const screenOf =
  (slot: number) =>
  (name: string, sizes: readonly Size[], path: Screen['path'], act?: Screen['act']): Screen => ({
    name,
    sizes,
    dark: BOTH_DARK.has(name) ? BOTH : sizes.includes('narrow') ? NARROW : sizes,
    slot,
    path,
    act,
  });
const [mara, noa, yusuf, nobody] = [screenOf(0), screenOf(2), screenOf(5), screenOf(9)];

const press =
  (...keys: string[]) =>
  async ({ page }: Stage) => {
    for (const key of keys) await page.keyboard.press(key);
  };
const push =
  (...names: string[]) =>
  async ({ page }: Stage) => {
    for (const name of names) await page.getByRole('button', { name }).first().click();
  };
/** The actions of the newest message. */
const menu = ({ page }: Stage) => page.locator('.message').last().click({ button: 'right' });
const choose = (name: string) => async (stage: Stage) => {
  await menu(stage);
  await stage.page.getByRole('menuitem', { name }).click();
  await stage.page.mouse.move(0, 0);
};
const messengerOf = ({ street }: Pick<Stage, 'street'>, name: string) => street.residents.get(name)!.messenger;
const breakOff = (addresses: string) => async (stage: Omit<Stage, 'page'>) => {
  await stage.context.route(addresses, (route) => route.abort());
  return '';
};

export const SCREENS: readonly Screen[] = [
  mara('inbox', [...BOTH, 'medium'], ''),
  mara('group', ALL, 'c/{Choir: Evening Rise 🎶}'),
  mara('direct', BOTH, 'c/{theo}'),
  mara('saved', NARROW, 'c/{mara}'),
  mara('mentioned', NARROW, 'c/{Everybody on Willow Lane}'),
  mara('pictures', BOTH, 'c/{Bakery on the corner 🥐}'),
  mara('picture', BOTH, 'c/{Bakery on the corner 🥐}', ({ page }) =>
    page.getByRole('button', { name: 'Open picture 1 of 3' }).click(),
  ),
  mara('many-pictures', NARROW, 'c/{Trip to the lake}'),
  mara('blocked', NARROW, async ({ street }) => {
    const messenger = messengerOf({ street }, 'mara');
    const chat = messenger.inbox().conversations.find(({ blocked }) => blocked);
    return `c/${chat!.id}`;
  }),
  mara('goes-after-reading', NARROW, 'c/{pixel}'),
  mara('passed-on', NARROW, 'c/{theo}', ({ page }) => page.getByText('Forwarded').first().scrollIntoViewIfNeeded()),
  mara('person', NARROW, 'c/{Willow Lane Garden 🌱}', ({ page }) => page.locator('[data-do=person]').last().click()),
  mara('code', NARROW, 'c/{ravi}'),
  mara('long-history', NARROW, 'c/{Repair log}', async ({ page }) => {
    await page.locator('.timeline-scroller').evaluate((scroller) => scroller.scrollBy(0, -2_000));
    await page.getByRole('button', { name: 'Go to the newest message' }).waitFor();
  }),
  mara(
    'long-name',
    NARROW,
    'c/{Proposals for naming the new compost heap, and other matters of great importance to the lane}',
  ),
  mara('received-not-read', NARROW, 'c/{mei}'),
  mara('sent-not-received', NARROW, 'c/{kwame}'),
  mara('waiting', BOTH, 'c/{maximiliana}'),
  mara('refused', BOTH, 'c/{Ladder committee}'),
  mara('typing', NARROW, 'c/{amina}', (stage) => {
    messengerOf(stage, 'amina').typing(stage.page.url().split('/').at(-1)!);
    return stage.page.getByText('typing…').first().waitFor();
  }),
  mara('offline', BOTH, 'c/{theo}', async ({ context, page }) => {
    await context.setOffline(true);
    await page.getByText('Offline.').first().waitFor();
  }),
  noa('right-to-left', BOTH, 'c/{Noa moves house 📦}'),
  mara('draft', NARROW, 'c/{jo}'),
  mara('actions', BOTH, 'c/{theo}', menu),
  mara('replying', NARROW, 'c/{theo}', choose('Reply')),
  mara('who-and-when', BOTH, 'c/{Choir: Evening Rise 🎶}', ({ page }) => page.locator('[data-do=info]').last().click()),
  mara('details', BOTH, 'c/{theo}/details'),
  mara('members', BOTH, 'c/{Everybody on Willow Lane}/details'),
  mara('leaving', NARROW, 'c/{Willow Lane Garden 🌱}/details', push('Leave group')),
  mara('archived', NARROW, 'archived'),
  mara('profile-menu', BOTH, '', push('You and your accounts')),
  mara('palette', BOTH, 'c/{theo}', press('Control+k')),
  mara('search', NARROW, 'c/{theo}', async (stage) => {
    await press('Control+k')(stage);
    await stage.page.keyboard.type('no');
  }),
  mara('shortcuts', NARROW, 'settings/shortcuts'),
  mara('new-chat', BOTH, 'new'),
  mara('new-group', BOTH, 'new-group', async ({ page }) => {
    await page.getByLabel('Name of the group').fill('Quince jelly');
    for (const name of ['Jo', 'Kwame Mensah']) await page.getByRole('option', { name }).click();
  }),
  mara('settings', BOTH, 'settings'),
  mara('account', NARROW, 'settings/account'),
  mara('change-password', NARROW, 'settings/account', push('Change password')),
  mara('devices', NARROW, 'settings/devices'),
  mara('add-device', BOTH, 'settings/devices', push('Add a device')),
  mara('privacy', NARROW, 'settings/privacy'),
  mara('notifications', NARROW, 'settings/notifications'),
  mara('appearance', NARROW, 'settings/appearance'),
  mara('storage', NARROW, 'settings/storage'),
  mara('server', BOTH, 'settings/server'),
  mara('reports', NARROW, 'settings/server', ({ page }) =>
    page.getByRole('heading', { name: 'Reports' }).evaluate((heading) => heading.scrollIntoView()),
  ),
  mara('invite', NARROW, 'settings/server', push('Invite people')),
  mara('invited', BOTH, 'settings/server', push('Invite people', 'Make a link')),
  nobody('sign-in', BOTH, 'sign-in'),
  nobody('forgotten', NARROW, 'sign-in', ({ page }) => page.getByText('Forgot your password?').click()),
  nobody('sign-up', BOTH, 'sign-up'),
  nobody('recover', NARROW, 'recover'),
  nobody('invitation-ended', BOTH, async (stage) => {
    const messenger = messengerOf(stage, 'mara');
    const { code, invitation } = await messenger.invite();
    await messenger.uninvite(invitation.id);
    return `/join/${code}`;
  }),
  nobody('no-such-link', NARROW, '/join/aaaaaaaaaaaaaaaaaaaaaa'),
  mara('nowhere', NARROW, 'nowhere'),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((screens) =>
    mara(`parts-${screens + 1}`, ['medium'], '/parts', ({ page }) =>
      page.evaluate((screens) => scrollTo(0, screens * innerHeight), screens),
    ),
  ),
  mara('door', BOTH, '/'),
  mara('large-text', NARROW, 'settings/appearance', async ({ page }) => {
    await page.getByText('150%').click();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
  }),
  mara('large-text-chat', NARROW, 'c/{theo}'),
  mara('print', ['wide'], 'c/{Choir: Evening Rise 🎶}', ({ page }) => page.emulateMedia({ media: 'print' })),
  nobody('unreachable', NARROW, breakOff('**/api/**')),
  mara('too-old', NARROW, breakOff('**/assets/*.js')),
  mara('open-elsewhere', NARROW, '', async ({ context, page }) => {
    const other = await context.newPage();
    await other.goto(page.url());
    await page.getByRole('button', { name: 'Use it here' }).waitFor();
    await other.close();
  }),
  yusuf('signed-out', NARROW, '', async (stage) => {
    const messenger = messengerOf(stage, 'yusuf');
    const browsers = (await messenger.devices()).filter(({ name }) => name === 'Browser');
    for (const { id } of browsers) await messenger.revokeDevice(id);
    await stage.page.getByRole('button', { name: 'Sign in' }).waitFor();
  }),
];
