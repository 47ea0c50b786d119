/** Makes a messenger of what is handed in: the same in a browser, in a bot and in the simulator. */
import type { Clock, Random } from '../core/clock.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Messenger } from './api.ts';
import { Connection } from './connection.ts';
import { Device } from './device.ts';
import { RequestFailed } from './failed.ts';
import { Replica } from './replica.ts';
import type { Storage } from './storage/storage.ts';
import { Timers } from './timers.ts';
import type { Transport } from './transport.ts';
import type { Carrier } from './uploading.ts';

export interface Given {
  readonly transport: Transport;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly token: string | null;
  readonly carrier?: Carrier;
  /** Asked of storage, then of the server, when it is left out. */
  readonly self?: Self;
}

export interface Self {
  readonly user: string;
  readonly device: string;
}

const SELF = 'm/self';

export async function createMessenger(given: Given): Promise<Messenger> {
  const { transport, storage, random, token, carrier = null } = given;
  const clock = new Timers(given.clock);
  const replica = new Replica(storage, clock, random.id());
  const stored = (await storage.get(SELF)) as Self | undefined;
  const { user, device } = given.self ?? stored ?? (await askSelf(given));
  await replica.load();
  if (stored && (stored.user !== user || stored.device !== device)) await replica.wipe(stored.user === user);
  replica.put(SELF, { user, device });
  const messenger = new Device({ transport, replica, clock, random, user, device, token, carrier });
  await messenger.start();
  return messenger;
}

/** Says hello for no other reason; the messenger's own connection then takes over. */
function askSelf({ transport, clock, random, token }: Given): Promise<Self> {
  return new Promise((resolve, reject) => {
    const connection = new Connection(transport, clock, random, {
      hello: () => ({ protocol: PROTOCOL_VERSION, ...(token === null ? {} : { token }), position: null }),
      online: ({ user, device }) => {
        resolve({ user: user.user, device });
        clock.soon(() => connection.stop());
      },
      event() {},
      ping: () => ({ shown: [], profiles: [] }),
      pong() {},
      status: ({ state }) => {
        if (state === 'signedOut') reject(new RequestFailed({ code: 'unauthenticated' }));
        if (state === 'wrongVersion') reject(new RequestFailed({ code: 'wrong_version' }));
      },
    });
    connection.wake();
  });
}
