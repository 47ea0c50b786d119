/** Notifications in a real browser: from a message to what stands on the screen, as far as one gets without the internet. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import type { BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import type { Notice } from '../../src/protocol/push-commands.ts';
import { settingKey } from '../../src/protocol/settings.ts';
import { openVapidKeys } from '../../src/push/keys.ts';
import type { Subscription } from '../../src/push/push.ts';
import { openWebPush } from '../../src/push/web-push.ts';
import { openWeb } from '../../src/server/web.ts';
import { folder, inTime } from '../endings.ts';
import { PushService } from '../push/endpoint.ts';
import { running } from '../server/running.ts';
import { bot, userOf } from './bot.ts';
import { openSettings } from './chat.ts';
import { openPage, profile, signUp, startServer, wholeBrowser } from './town.ts';

const WEB = join(import.meta.dir, '../../build/web');

const ALLOWING: BrowserContextOptions = { permissions: ['notifications'], serviceWorkers: 'allow' };

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
}

/**
 * What browsers get from their makers' push services, which are not here: `subscribe` of the page asks this process. All
 * else is the browser's own.
 */
async function standIn(context: BrowserContext, subscribe: (key: string) => Subscription): Promise<void> {
  await context.exposeFunction('subscribeHere', subscribe);
  await context.addInitScript(() => {
    const kept = 'test-subscription';
    const made = (text: string): PushSubscription => {
      const { endpoint, p256dh, auth, key } = JSON.parse(text) as Record<string, string>;
      const bytes = Uint8Array.from(atob(key!.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
      return {
        endpoint,
        options: { applicationServerKey: bytes.buffer, userVisibleOnly: true },
        toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
        unsubscribe: async () => {
          localStorage.removeItem(kept);
          return true;
        },
      } as unknown as PushSubscription;
    };
    PushManager.prototype.getSubscription = async () => {
      const text = localStorage.getItem(kept);
      return text === null ? null : made(text);
    };
    PushManager.prototype.subscribe = async (options) => {
      const key = options?.applicationServerKey as string;
      const ask = (globalThis as unknown as { subscribeHere(key: string): Promise<object> }).subscribeHere;
      localStorage.setItem(kept, JSON.stringify({ ...(await ask(key)), key }));
      return made(localStorage.getItem(kept)!);
    };
  });
}

async function allowed(subscribe: (key: string) => Subscription): Promise<BrowserContext> {
  const context = await profile(ALLOWING, await wholeBrowser());
  await standIn(context, subscribe);
  return context;
}

/** The part of a push service that speaks with the browser. */
class Carrier {
  readonly #cdp: CDPSession;
  readonly #origin: string;
  #registration = '';

  private constructor(cdp: CDPSession, origin: string) {
    this.#cdp = cdp;
    this.#origin = origin;
  }

  static async to(page: Page): Promise<Carrier> {
    const cdp = await page.context().newCDPSession(page);
    const carrier = new Carrier(cdp, new URL(page.url()).origin);
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const one of registrations) if (!one.isDeleted) carrier.#registration = one.registrationId;
    });
    await cdp.send('ServiceWorker.enable');
    return carrier;
  }

  /** Playwright has every page believe that it is looked at. */
  async behind(): Promise<void> {
    await this.#cdp.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  }

  async deliver(notice: Notice): Promise<void> {
    const [origin, registrationId, data] = [this.#origin, this.#registration, JSON.stringify(notice)];
    await this.#cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
  }
}

const onScreen = (page: Page): Promise<Shown[]> =>
  page.evaluate(async () => {
    const [registration] = await navigator.serviceWorker.getRegistrations();
    const all = (await registration?.getNotifications()) ?? [];
    return all.map(({ title, body, tag }) => ({ title, body, tag }));
  });

/** Waits until this one alone of its tag stands on the screen, or none of this tag. */
async function until(page: Page, wanted: Shown | { gone: string }): Promise<void> {
  await page.waitForFunction(
    async (wanted) => {
      const [registration] = await navigator.serviceWorker.getRegistrations();
      const all = (await registration?.getNotifications()) ?? [];
      if ('body' in wanted) {
        const [shown, ...others] = all.filter(({ tag }) => tag === wanted.tag);
        return others.length === 0 && shown?.body === wanted.body && shown.title === wanted.title;
      }
      return !all.some(({ tag }) => tag === wanted.gone);
    },
    wanted,
    // Pages that are behind others paint nothing.
    { polling: 50 },
  );
}

/**
 * As pressing it does, until that has led somewhere. The browser ends workers as it likes, and what was pressed in one that
 * was ending is gone: so it is shown anew each time, which also starts one.
 */
async function choose(
  page: Page,
  carrier: Carrier,
  notice: Notice & { kind: 'message' },
  leadsTo: string,
): Promise<void> {
  const press = async (tag: string) => {
    const scope = self as unknown as { registration: ServiceWorkerRegistration; NotificationEvent: typeof Event };
    const [notification] = await scope.registration.getNotifications({ tag });
    const init = { notification } as EventInit;
    if (notification) self.dispatchEvent(new scope.NotificationEvent('notificationclick', init));
    return notification !== undefined;
  };
  const seen: string[] = [];
  for (let tries = 0; tries < 8; tries++) {
    for (const worker of page.context().serviceWorkers()) {
      worker.evaluate(press, notice.conversation).then(
        (found) => seen.push(found ? 'pressed' : 'nothing to press'),
        (error) => seen.push(String(error)),
      );
    }
    const arrived = await page.waitForURL(leadsTo, { timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (arrived) return;
    await carrier.deliver({ ...notice, quiet: true });
  }
  throw new Error(`It led nowhere. What the workers said: ${seen.join('; ')}`);
}

const notifyHere = (page: Page) => page.getByRole('switch', { name: 'Notify this device' });
const toNotifications = async (page: Page) => {
  await openSettings(page);
  await page.getByRole('link', { name: 'Notifications' }).click();
  await notifyHere(page).waitFor();
};

/** What the browser answers late or never, without saying so, is named, and tried again from the beginning. */
const HANGS = { timeout: 60_000, retry: 2 };
const named = <T>(what: string, wait: Promise<T>): Promise<T> => inTime(20_000, `It takes too long: ${what}`, wait);

test(
  'from a message to a notification, to the chat, and away again once it is read',
  async () => {
    await openWeb({ url: null, mediaUrl: null }, () => {}, new AbortController().signal);
    const service = new PushService();
    const push = openWebPush({ keys: openVapidKeys(folder()), subject: 'mailto:mara@example.org', inside: true });
    const server = (await running({ push, web: WEB })).url;
    const context = await allowed((key) => service.subscribe('phone', key));
    const mara = await signUp(context, server, { name: 'mara' });
    const theo = await bot(server, 'theo');
    const chat = await theo.openDirect(await userOf(theo, 'mara'));
    await toNotifications(mara);
    await mara.getByText('Notify this device').click();
    await mara.getByText('You are notified here of messages').waitFor();
    await mara.getByText('The words, too').click();
    const carrier = await named('a carrier', Carrier.to(mara));
    const deliver = (notice: Notice) => named(`a notice of ${notice.kind}`, carrier.deliver(notice));

    await mara.getByRole('button', { name: 'Send me a test notification' }).click();
    await mara.getByText('Your push service has it.').waitFor();
    await named('the first notice', service.until(1));
    await deliver(JSON.parse(service.delivered[0]!.payload));
    const test = { title: 'Parley', body: 'Notifications reach this device.', tag: 'test' };
    await until(mara, test);
    expect(await onScreen(mara)).toEqual([test]);

    // Nobody looks at the page: it is another window's turn.
    const other = await openPage(context, 'about:blank');
    await named('behind', carrier.behind());
    await named('another in front', other.bringToFront());
    await named('the first is stored', theo.send(chat, 'first').then(theo.stored));
    await named('the second notice', service.until(2));
    await theo.stored(await theo.send(chat, 'Did you hear it?'));
    await named('the third notice', service.until(3));
    for (const { payload } of service.delivered.slice(1)) await deliver(JSON.parse(payload));
    const wanted = { title: 'Theo', body: 'Did you hear it?', tag: chat };
    await until(mara, wanted);
    // One for the chat, and what comes late or twice does not bring the older one back.
    await deliver(JSON.parse(service.delivered[1]!.payload));
    await deliver({ v: 1, kind: 'close', conversation: chat, seq: 1 });
    await until(mara, wanted);
    expect(service.wrong).toEqual([]);

    // Chosen, it leads to the chat in the page that is open; there it is read, and nothing stays on the screen.
    await named('in front', mara.bringToFront());
    await choose(mara, carrier, JSON.parse(service.delivered[2]!.payload), `${server}/0/c/${chat}`);
    await mara.getByRole('log', { name: 'Messages' }).getByText('Did you hear it?').waitFor();
    await until(mara, { gone: chat });
    await mara.waitForFunction(() => !document.title.startsWith('('));

    // The chat is on the page, but nobody sees the page: the server is told, and notifies.
    await mara.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await theo.stored(await theo.send(chat, 'Are you there?'));
    await named('the fourth notice', service.until(4));
    expect(JSON.parse(service.delivered[3]!.payload)).toMatchObject({
      kind: 'message',
      text: 'Are you there?',
      count: 1,
    });
  },
  HANGS,
);

/** Somewhere in the world, where nobody answers. */
const nowhere = (name: string): Subscription => {
  const { p256dh, auth } = new PushService().subscribe(name, '');
  return { endpoint: `https://push.parley.example/${name}`, p256dh, auth };
};

test('the switch is kept, says what the push service says, and leaves nothing when it is turned off or one signs out', async () => {
  const server = await startServer();
  let made = 0;
  const context = await allowed(() => nowhere(`device-${++made}`));
  const mara = await signUp(context, server, { name: 'mara' });
  await toNotifications(mara);
  expect(await notifyHere(mara).isChecked()).toBe(false);
  await mara.getByText('The browser asks you whether you allow it.').waitFor();
  await mara.getByText('Notify this device').click();
  await mara.getByText('You are notified here of messages').waitFor();
  await mara.getByRole('button', { name: 'Send me a test notification' }).click();
  await mara.getByText('Your push service could not be reached from the server').waitFor();
  await mara.reload();
  await mara.getByText('You are notified here of messages').waitFor();
  expect(await notifyHere(mara).isChecked()).toBe(true);
  expect(made).toBe(1);

  // What the browser or its service has dropped is mended when the app is opened next.
  await mara.evaluate(() => localStorage.removeItem('test-subscription'));
  await mara.reload();
  await mara.waitForFunction(() => localStorage.getItem('test-subscription') !== null);
  expect(made).toBe(2);

  // While no page is open, the worker does that.
  const renewed = nowhere('renewed');
  await context
    .serviceWorkers()
    .at(-1)!
    .evaluate(({ endpoint, ...keys }) => {
      const subscription = { endpoint, toJSON: () => ({ endpoint, keys }) } as unknown as PushSubscription;
      PushManager.prototype.getSubscription = async () => subscription;
      const { ExtendableEvent } = self as unknown as { ExtendableEvent: typeof Event };
      self.dispatchEvent(new ExtendableEvent('pushsubscriptionchange'));
    }, renewed);
  await mara.waitForFunction(async (endpoint) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify([{ id: 1, type: 'notifications' }]);
    const answer = await fetch('/0/api/commands', { method: 'POST', headers, body });
    return (await answer.json())[0].result.endpoint === endpoint;
  }, renewed.endpoint);

  const registrations = () => mara.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  await mara.getByText('Notify this device').click();
  await mara.getByText('The browser asks you whether you allow it.').waitFor();
  expect(await mara.evaluate(() => localStorage.getItem('test-subscription'))).toBeNull();
  await mara.getByText('Notify this device').click();
  await mara.getByText('You are notified here of messages').waitFor();
  // The worker also opens the app without a connection, and goes with the account.
  expect(await registrations()).toBe(1);
  await mara.goto(`${server}/0/settings/account`);
  await mara.getByRole('button', { name: 'Sign out on this device' }).click();
  await mara
    .getByRole('button', { name: /sign out/i })
    .last()
    .click();
  await mara.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await registrations()).toBe(0);
  expect(await mara.evaluate(() => localStorage.getItem('parley-notify-0'))).toBeNull();
}, 90_000);

test('what shows on a locked screen is chosen for all devices', async () => {
  const server = await startServer();
  const mara = await signUp(await profile(), server, { name: 'mara' });
  const phone = await bot(server, 'mara');
  await toNotifications(mara);
  expect(await mara.getByRole('radio', { name: 'Only that there is something new' }).isChecked()).toBe(true);
  await mara.getByText('Who has written, and in which group').click();
  await mara.getByText('Also in muted chats, when somebody calls me by name').click();
  const both = () => [phone.setting(settingKey.noticeShows), phone.setting(settingKey.noticeMentions)].join();
  await new Promise<void>((resolve) => {
    const look = () => void (both() === 'names,1' && resolve());
    phone.subscribe(look);
    look();
  });
}, 60_000);

test('where it cannot be, it says why and what to do', async () => {
  const server = await startServer();
  const blocked = await signUp(await profile({}, await wholeBrowser()), server, { name: 'mara' });
  const cdp = await blocked.context().newCDPSession(blocked);
  const { targetInfo } = await cdp.send('Target.getTargetInfo');
  await cdp.send('Browser.setPermission', {
    permission: { name: 'notifications' },
    setting: 'denied',
    origin: server,
    ...(targetInfo.browserContextId ? { browserContextId: targetInfo.browserContextId } : {}),
  });
  await toNotifications(blocked);
  await blocked.getByText(/This browser blocks notifications from 127\.0\.0\.1:\d+\./).waitFor();
  expect(await notifyHere(blocked).isDisabled()).toBe(true);

  const context = await profile(ALLOWING, await wholeBrowser());
  const theo = await signUp(context, server, { name: 'theo', forgives: /Push API in incognito/ });
  await toNotifications(theo);
  // There is no push service here.
  await theo.getByText('Notify this device').click();
  await theo.getByText("The browser's push service did not answer.").waitFor();
  expect(await notifyHere(theo).isChecked()).toBe(false);

  const phone = await profile({
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1',
    viewport: { width: 390, height: 844 },
  });
  await phone.addInitScript(() => Reflect.deleteProperty(window, 'PushManager'));
  const ines = await signUp(phone, server, { name: 'ines' });
  await toNotifications(ines);
  await ines.getByText('add this page to the Home Screen first').waitFor();
}, 90_000);
