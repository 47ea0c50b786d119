/** A whole server on engines that are handed in: its parts put together, its order of starting and stopping. */
import type { Bus } from '../bus/bus.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { Media, Pictures } from '../media/media.ts';
import type { Push } from '../push/push.ts';
import type { SearchIndex } from '../search/search.ts';
import type { Store } from '../store/store.ts';
import { Accounts, type Passwords } from './accounts.ts';
import { Admission } from './admission.ts';
import { Community } from './community.ts';
import type { Config } from './config.ts';
import { lanOrigin } from './greeting.ts';
import { type Http, serveHttp } from './http.ts';
import { madeOnce } from './made-once.ts';
import { createNode } from './node.ts';
import { Polling } from './polling.ts';
import type { Web } from './web.ts';

export interface AppPorts {
  readonly store: Store;
  readonly bus: Bus;
  readonly search: SearchIndex;
  readonly clock: Clock;
  readonly random: Random;
  readonly hash: (text: string) => Uint8Array;
  readonly passwords: Passwords;
  readonly media: Media;
  readonly pictures: Pictures;
  readonly push: Push | null;
  readonly web: Web;
  /** What opens `/api/rescue`; without it nothing does. */
  readonly rescueSecret?: string;
  /** Whether the store would take a write now, when that can be told; asked by `/readyz`. */
  readonly mayWrite?: () => Promise<boolean>;
  readonly report: (error: unknown, what: string) => string;
}

export interface App {
  readonly port: number;
  /** The code of the set-up link while nobody owns the server. */
  readonly setUp: string | null;
  stop(): Promise<void>;
}

const NAME = 'Parley';
/** How long a stop waits for requests that are under way. */
const GRACE_MS = 5_000;

/** Takes over the store, the bus and the index: `stop` closes them. */
export async function startApp(config: Config, ports: AppPorts): Promise<App> {
  const { store, bus, search, clock, report } = ports;
  const serverId = await idOfServer(store, ports.random);
  const accounts = new Accounts(ports);
  const { limits } = config;
  const community = new Community(store, { name: NAME, join: config.join, people: 'known' });
  const node = createNode({
    ...ports,
    mediaOrigin: config.mediaUrl?.origin,
    directory: accounts,
    limits,
    serverId,
    community,
  });
  const { links, invitations } = node;
  let http: Http;
  const admission = new Admission({
    serverId,
    setUpFirst: config.lan,
    lan: () => (config.lan ? lanOrigin(http.port) : null),
    rescueSecret: ports.rescueSecret ?? null,
    store,
    clock,
    accounts,
    community,
    links,
    invitations,
  });
  let ready = false;
  const backend = {
    accounts,
    admission,
    node,
    polling: new Polling(node, clock, limits),
    site: { url: config.url, serverId },
    connectionsPerUser: limits.connectionsPerUser,
    isServing: () => ready,
    isReady: async () => ready && (await (ports.mayWrite?.() ?? true)),
    report,
  };
  // Listens before the node starts: that a port is taken must not touch what is stored.
  try {
    http = serveHttp({ host: config.host, port: config.port, frameBytes: limits.frameBytes }, backend, ports.web);
  } catch (error) {
    await search.close();
    await store.close();
    throw error;
  }
  await node.start();
  const setUp = await admission.beginSetUp();
  ready = true;
  return {
    port: http.port,
    setUp,
    stop: async () => {
      ready = false;
      await node.stop();
      await http.stop(GRACE_MS);
      accounts.close();
      await bus.close();
      await search.close();
      await store.close();
    },
  };
}

/** Cookies are named after it. */
function idOfServer(store: Store, random: Random): Promise<string> {
  const name = () =>
    (random.id() + random.id())
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 8);
  return madeOnce(store, 'id', name);
}
