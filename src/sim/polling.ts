/** Plain requests for the client's own polling transport: each goes to any server, and may be lost either way. */
import { type Fetch, pollingTransport } from '../client/polling.ts';
import type { Transport } from '../client/transport.ts';
import type { CommandFrame, ServerFrame } from '../protocol/frames.ts';
import { failureOf } from '../server/failed.ts';
import type { Session } from '../server/session.ts';
import type { Network } from './network.ts';
import type { Server } from './servers.ts';
import type { ProcessClock } from './time.ts';
import { Told } from './told.ts';

export function simulatedPolling(network: Network, device: string, clock: ProcessClock): Transport {
  return pollingTransport('', device, clock, (url, init) => ask(network, device, clock, url, init));
}

type Init = Parameters<Fetch>[1];

/** Settles only while the device lives. */
function ask(network: Network, device: string, clock: ProcessClock, url: string, init: Init): Promise<Response> {
  return new Promise((resolve, reject) => {
    const later = (run: () => void) =>
      network.queue.after(network.random.next() * (network.faults()?.networkDelayMs ?? 5), () => {
        if (clock.alive) run();
      });
    const lose = (why: string) => later(() => reject(new Error(why)));
    later(() => {
      const server = network.anyServer();
      const reaches = () => !network.cutOff.has(device) && (server?.clock.alive ?? false);
      if (!server || !reaches() || network.cuts()) {
        lose('unreachable');
        return;
      }
      void server.gone.then(() => lose('reset'));
      void answer(network, server, device, url, init).then((text) => {
        if (!reaches() || network.cuts()) lose('cut');
        // Nothing of a body may depend on the runtime's own streams: they keep no order under a seed.
        else later(() => resolve({ status: 200, json: async () => JSON.parse(text) } as Response));
      });
    });
  });
}

async function answer(network: Network, server: Server, device: string, url: string, init: Init): Promise<string> {
  try {
    const session = (await network.servers.directory.authenticate(device)) as Session;
    if (init?.method === 'POST') {
      const frames = JSON.parse(String(init.body)) as CommandFrame[];
      const told = new Told(device, network.hearing);
      told.clock = server.clock;
      told.asked(frames);
      const replies = (await server.polling.execute(session, frames)) as ServerFrame[];
      told.said(replies);
      return JSON.stringify(replies);
    }
    const query = new URLSearchParams(url.slice(url.indexOf('?')));
    const position = { epoch: Number(query.get('epoch')), seq: Number(query.get('seq')) };
    const gone = init?.signal ?? new AbortController().signal;
    return await server.polling.poll(session, position, Number(query.get('wait')), gone);
  } catch (error) {
    return JSON.stringify({ error: failureOf(error) ?? { code: 'internal' } });
  }
}
