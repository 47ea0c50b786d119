/** Notifications on this device: what the browser lets happen, and turning them on and off in one account slot. */
import type { Messenger } from '../../client/index.ts';
import { detailsOf } from './resubscribe.ts';

/** Why there can be none, or that it is for the browser or the user to say. */
export type Possible = 'yes' | 'blocked' | 'http' | 'home-screen' | 'browser';

export class NotTurnedOn extends Error {
  override readonly name = 'NotTurnedOn';
  /** The server notifies nobody; it was not allowed; or the browser's push service did not answer. */
  readonly why: 'server' | 'asked' | 'service';

  constructor(why: 'server' | 'asked' | 'service', cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

const WORKER = '/worker.js';
const scopeOf = (slot: number) => `/${slot}/`;
/** Whom this browser was asked to notify; it outlives a subscription that the browser or its service has dropped. */
const wantedKey = (slot: number) => `parley-notify-${slot}`;

export function possible(): Possible {
  // Names are there also where nothing works.
  if (!isSecureContext) return 'http';
  const isApple =
    /iPhone|iPad/.test(navigator.userAgent) || (navigator.maxTouchPoints > 1 && /Mac/.test(navigator.userAgent));
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    return isApple ? 'home-screen' : 'browser';
  }
  return Notification.permission === 'denied' ? 'blocked' : 'yes';
}

export function isOn(slot: number, user: string): boolean {
  return (
    localStorage.getItem(wantedKey(slot)) === user && possible() === 'yes' && Notification.permission === 'granted'
  );
}

/** Asks, if the browser has not been told yet; so it must come from a press. Rejects with `NotTurnedOn`. */
export async function turnOn(messenger: Messenger, slot: number): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') throw new NotTurnedOn('asked');
  await subscribe(messenger, slot);
  localStorage.setItem(wantedKey(slot), messenger.user);
}

/** Does nothing where none were turned on. */
export async function turnOff(messenger: Messenger, slot: number): Promise<void> {
  await silence(slot);
  await messenger.unsubscribePush();
}

/** Leaves nothing of it in this browser's slot. */
export async function forget(slot: number): Promise<void> {
  await silence(slot);
  await (await registrationOf(slot))?.unregister();
}

async function silence(slot: number): Promise<void> {
  localStorage.removeItem(wantedKey(slot));
  const registration = await registrationOf(slot);
  if (!registration) return;
  for (const shown of await registration.getNotifications()) shown.close();
  await (await registration.pushManager.getSubscription())?.unsubscribe();
}

/** Mends what was lost since: by the browser, by its service, or by a new sign-in. */
export async function keepOn(messenger: Messenger, slot: number): Promise<void> {
  if (isOn(slot, messenger.user)) await subscribe(messenger, slot);
  else if (await registrationOf(slot)) await silence(slot);
}

export async function registrationOf(slot: number): Promise<ServiceWorkerRegistration | null> {
  const all = isSecureContext && 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistrations() : [];
  return all.find(({ scope }) => new URL(scope).pathname === scopeOf(slot)) ?? null;
}

async function subscribe(messenger: Messenger, slot: number): Promise<void> {
  const { key, endpoint } = await messenger.notifications();
  if (key === null) throw new NotTurnedOn('server');
  const { pushManager } = await activeWorker(slot);
  let subscription = await pushManager.getSubscription();
  // Made for keys that the server no longer has.
  if (subscription && keyOf(subscription) !== key) {
    await subscription.unsubscribe();
    subscription = null;
  }
  try {
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  } catch (error) {
    throw new NotTurnedOn((error as Error).name === 'NotAllowedError' ? 'asked' : 'service', error);
  }
  if (subscription.endpoint === endpoint) return;
  await messenger.subscribePush(detailsOf(subscription));
}

/** Also what opens the app without a connection. */
export async function activeWorker(slot: number): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(WORKER, { scope: scopeOf(slot) });
  const coming = registration.installing ?? registration.waiting;
  if (!registration.active && coming) {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (coming.state === 'activated' || coming.state === 'redundant') resolve();
      };
      coming.addEventListener('statechange', look);
      look();
    });
  }
  return registration;
}

function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
