/** The browser has put another subscription in the place of one, or dropped it: the server is told, while no page is open. */
import type { Request, Result } from '../../protocol/commands.ts';

export interface Renewing {
  /** Ends with a slash; the account slot is in it. */
  readonly scope: string;
  readonly subscriptions: Pick<PushManager, 'getSubscription' | 'subscribe'>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Nothing where nobody is signed in any more or nobody is notified. Rejects when the server does not answer: the next page mends it. */
export async function resubscribe(renewing: Renewing): Promise<void> {
  const { subscriptions } = renewing;
  const state = await ask<Result<'notifications'>>(renewing, 'notifications', {});
  if (!state?.key) return;
  const subscription =
    (await subscriptions.getSubscription()) ??
    (await subscriptions.subscribe({ userVisibleOnly: true, applicationServerKey: state.key }));
  if (subscription.endpoint !== state.endpoint) await ask(renewing, 'subscribe', detailsOf(subscription));
}

export function detailsOf(subscription: PushSubscription): Request<'subscribe'> {
  const { keys } = subscription.toJSON();
  return { endpoint: subscription.endpoint, p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' };
}

async function ask<T>({ scope, fetch }: Renewing, type: string, fields: object): Promise<T | null> {
  const answer = await fetch(`${scope}api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ id: 1, type, ...fields }]),
  });
  if (answer.status === 401) return null;
  const [reply] = (await answer.json()) as [{ result?: T }];
  if (!answer.ok || !reply.result) throw new Error(`The server answered ${answer.status}.`);
  return reply.result;
}
