/** What the service worker does when a browser changes a subscription, against a real server. */
import { expect, test } from 'bun:test';
import { openVapidKeys } from '../../src/push/keys.ts';
import { openWebPush } from '../../src/push/web-push.ts';
import { resubscribe } from '../../src/web/notify/resubscribe.ts';
import { folder } from '../endings.ts';
import { PushService } from '../push/endpoint.ts';
import { ask, PASSWORD, running, signUp } from '../server/running.ts';

type Pushed = Parameters<typeof resubscribe>[0]['subscriptions'];

async function town() {
  const service = new PushService();
  const push = openWebPush({ keys: openVapidKeys(folder()), subject: 'mailto:mara@example.org', inside: true });
  const server = await running({ push });
  await signUp(server, 'mara');
  const signIn = { name: 'mara', password: PASSWORD, device: 'browser' };
  const { headers } = await ask(server, '/0/api/sessions', { body: signIn, headers: { origin: server.url } });
  const cookie = headers.get('set-cookie')!.split(';')[0]!;
  let made = 0;
  /** A browser that has none, and makes one; `held` is one that it has made by itself. */
  const browser = (held: string | null = null): Pushed => {
    const of = (name: string, key: string) => {
      const { endpoint, ...keys } = service.subscribe(name, key);
      return { endpoint, toJSON: () => ({ endpoint, keys }) } as unknown as PushSubscription;
    };
    return {
      getSubscription: async () => (held === null ? null : of(held, push.key)),
      subscribe: async (options) => of(`made-${++made}`, String(options?.applicationServerKey)),
    };
  };
  const renew = (subscriptions: Pushed, kept = cookie) =>
    resubscribe({
      scope: `${server.url}/0/`,
      subscriptions,
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie: kept, origin: server.url } }),
    });
  const command = async (type: string) => {
    const answer = await ask(server, '/0/api/commands', {
      body: [{ id: 1, type }],
      headers: { cookie, origin: server.url },
    });
    return answer.body[0].result;
  };
  return { server, service, browser, renew, command, made: () => made };
}

test('a subscription that was dropped is made anew, with the keys of the server, and reaches the device', async () => {
  const { service, browser, renew, command, made } = await town();
  await renew(browser());
  expect(made()).toBe(1);
  expect(await command('testNotification')).toEqual({ outcome: 'taken', status: 201 });
  await service.until(1);
  expect([JSON.parse(service.delivered[0]!.payload).kind, service.wrong]).toEqual(['test', []]);
});

test('one that the browser has put in its place is handed over, once', async () => {
  const { browser, renew, command, made } = await town();
  await renew(browser('another'));
  const { endpoint } = await command('notifications');
  await renew(browser('another'));
  expect([endpoint.endsWith('another'), (await command('notifications')).endpoint, made()]).toEqual([
    true,
    endpoint,
    0,
  ]);
});

test('whoever is not signed in any more subscribes to nothing, and a server that is not there is told of', async () => {
  const { server, browser, renew, made } = await town();
  await renew(browser(), 'none=1');
  expect(made()).toBe(0);
  await server.stop();
  expect(renew(browser())).rejects.toThrow();
});
