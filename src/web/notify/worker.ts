/**
 * The service worker of one account slot: shows what the server pushes, and takes it back; and opens the app where there
 * is no connection. It keeps nothing of anybody's; the browser starts it when something comes, also while no page is open.
 */
import type { Notice } from '../../protocol/push-commands.ts';
import { testWords, wordsOf } from '../text/en-notified.ts';
import type { FromWorker } from './from-worker.ts';
import { resubscribe } from './resubscribe.ts';
import { answerFromShell, dropOldShells, keepShell } from './shell.ts';

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Page {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: 'visible' | 'hidden';
  focus(): Promise<unknown>;
  postMessage(message: FromWorker): void;
}

/** As much of a service worker's world as this one uses. */
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly Page[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate' | 'pushsubscriptionchange', run: (event: Waiting) => void): void;
  addEventListener(
    type: 'fetch',
    run: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
  addEventListener(type: 'push', run: (event: Waiting & { data: { json(): unknown } | null }) => void): void;
  addEventListener(type: 'notificationclick', run: (event: Waiting & { notification: Notification }) => void): void;
}

const worker = self as unknown as WorkerScope;
const { registration, clients } = worker;
let before: Promise<void> = Promise.resolve();
/** The last that was told of each conversation: what the browser lists as shown is that of a moment ago, now and then. */
const told = new Map<string, number>();

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell(registration.scope).then(() => worker.skipWaiting()));
});
worker.addEventListener('activate', (event) => event.waitUntil(dropOldShells()));
worker.addEventListener('fetch', (event) => {
  const answer = answerFromShell(event.request);
  if (answer) event.respondWith(answer);
});

worker.addEventListener('push', (event) => {
  const notice = event.data?.json() as Notice | undefined;
  if (!notice) return;
  // One after the other: each looks at what those before it have shown.
  before = before.then(() => take(notice)).catch(() => {});
  event.waitUntil(before);
});

worker.addEventListener('pushsubscriptionchange', (event) => {
  const { scope, pushManager: subscriptions } = registration;
  event.waitUntil(resubscribe({ scope, subscriptions, fetch: (url, init) => fetch(url, init) }));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.tag));
});

async function take(notice: Notice): Promise<void> {
  switch (notice.kind) {
    case 'test':
      return show('test', testWords, { renotify: true });
    case 'close':
      for (const shown of await registration.getNotifications({ tag: notice.conversation })) {
        if (seqOf(shown) <= notice.seq) shown.close();
      }
      return;
    case 'message':
      return tell(notice);
  }
}

async function tell(notice: Extract<Notice, { kind: 'message' }>): Promise<void> {
  const { conversation, seq, at, quiet = false } = notice;
  const shown = await registration.getNotifications({ tag: conversation });
  // A service may deliver twice, and late.
  const newest = Math.max(told.get(conversation) ?? 0, ...shown.map(seqOf));
  if (!quiet && newest >= seq) return;
  // Whoever looks at another chat of these sees it in the list.
  if ((await pages()).some(({ focused, visibilityState }) => focused && visibilityState === 'visible')) return;
  told.set(conversation, Math.max(seq, newest));
  await show(conversation, wordsOf(notice), { data: { seq }, timestamp: at, renotify: !quiet, silent: quiet });
}

type Shown = NotificationOptions & { timestamp?: number; renotify?: boolean };

function show(tag: string, { title, body }: { title: string; body: string }, options: Shown): Promise<void> {
  const looks = { icon: '/icons/notice.png', badge: '/icons/badge.png', dir: 'auto', lang: 'en' } as const;
  return registration.showNotification(title, { tag, body, ...looks, ...options } as NotificationOptions);
}

function seqOf({ data }: Notification): number {
  return (data as { seq?: number } | null)?.seq ?? 0;
}

/** Those of this slot, newest in use first. */
async function pages(): Promise<Page[]> {
  const all = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => url.startsWith(registration.scope));
}

/** In a page that is open, if there is one; no page is loaded anew, so nothing that is being written is lost. */
async function open(tag: string): Promise<void> {
  const conversation = tag === 'test' ? null : tag;
  const all = await pages();
  const page = all.find(({ visibilityState }) => visibilityState === 'visible') ?? all[0];
  if (!page) {
    await clients.openWindow(conversation === null ? registration.scope : `${registration.scope}c/${conversation}`);
    return;
  }
  page.postMessage({ type: 'open', conversation });
  await page.focus();
}
