/** Pull beside push: the same pairs, one message at a time, first over sockets and then over long polling. */
import type { Slice } from '../protocol/commands.ts';
import type { Position } from '../protocol/entities.ts';
import type { ServerFrame } from '../protocol/frames.ts';
import { percentile, type Report } from './figures.ts';
import { cpuSeconds, type Host } from './host.ts';
import { openDirect, type Person, signUpAll, TEXT } from './people.ts';
import { inParallel, newKey } from './wire.ts';

interface Pair {
  readonly from: Person;
  readonly to: Person;
  readonly conversation: string;
  head: number;
}

/** Between two messages of a pair: longer than pointers of one conversation may be held together. */
const EVERY_MS = 200;
const WAIT_MS = 20_000;

/** Calls back for each message that came to the recipient; resolves once it is over. */
type Receive = (url: string, pair: Pair, came: (key: string) => void, isOver: () => boolean) => Promise<void>;

export async function pull(host: Host, count: number, measuredMs: number, report: Report): Promise<void> {
  const from = await signUpAll(host.url, 'from', count);
  const to = await signUpAll(host.url, 'to', count);
  const pairs = await inParallel(from, 16, async (person, i): Promise<Pair> => {
    return { from: person, to: to[i]!, conversation: await openDirect(person, to[i]!), head: 1 };
  });
  for (const [way, receive] of Object.entries({ push: overSocket, pull: overPolls })) {
    const { latency, cpu } = await talk(host, pairs, measuredMs, receive);
    const add = (metric: string, value: number, unit: string) =>
      report({ workload: 'pull', metric, value, unit, serverCpuSeconds: cpu, pairs: count, way });
    add('messages', latency.length, 'messages');
    add('p50', percentile(latency, 0.5), 'ms');
    add('p99', percentile(latency, 0.99), 'ms');
    add('server cpu', (cpu * 1e6) / latency.length, 'µs/message');
  }
  for (const { wire } of [...from, ...to]) wire.close();
}

async function talk(host: Host, pairs: readonly Pair[], measuredMs: number, receive: Receive) {
  const latency: number[] = [];
  const sentAt = new Map<string, number>();
  let isOver = false;
  const came = (key: string) => {
    const at = sentAt.get(key);
    if (at !== undefined) latency.push(performance.now() - at);
    sentAt.delete(key);
  };
  const receiving = pairs.map((pair) => receive(host.url, pair, came, () => isOver));
  const cpuBefore = cpuSeconds(host.pid);
  const endsAt = performance.now() + measuredMs;
  await Promise.all(
    pairs.map(async (pair, i) => {
      await Bun.sleep((EVERY_MS * i) / pairs.length);
      while (performance.now() < endsAt) {
        const key = newKey();
        sentAt.set(key, performance.now());
        const draft = { kind: 'message', key, baseSeq: pair.head, body: { v: 1, text: TEXT } } as const;
        const { results } = await pair.from.wire.call('send', { conversation: pair.conversation, drafts: [draft] });
        if (results[0] && 'seq' in results[0]) pair.head = results[0].seq;
        await Bun.sleep(EVERY_MS);
      }
    }),
  );
  const cpu = cpuSeconds(host.pid) - cpuBefore;
  for (let i = 0; i < 500 && sentAt.size > 0; i++) await Bun.sleep(10);
  if (sentAt.size > 0) throw new Error(`${sentAt.size} messages never reached their recipient.`);
  isOver = true;
  // A poll that still waits is ended by one more message.
  for (const { from, conversation, head } of pairs) {
    const draft = { kind: 'message', key: newKey(), baseSeq: head, body: { v: 1, text: TEXT } } as const;
    await from.wire.call('send', { conversation, drafts: [draft] });
  }
  await Promise.all(receiving);
  return { latency, cpu };
}

const overSocket: Receive = async (_url, { to, conversation }, came, isOver) => {
  to.wire.onEvent = (event) => {
    if (isOver() || event.type !== 'message' || event.conversation !== conversation) return;
    for (const { key } of event.entries) came(key);
  };
};

const overPolls: Receive = async (url, pair, came, isOver) => {
  const { to, conversation } = pair;
  const headers = { authorization: `Bearer ${to.account.token}`, 'content-type': 'application/json' };
  let held = pair.head;
  const { epoch, feedHead } = await to.wire.call('ping', { shown: [], profiles: [] });
  to.wire.close();
  let position: Position = { epoch, seq: feedHead };
  while (!isOver()) {
    const polled = await fetch(`${url}/api/poll?epoch=${epoch}&seq=${position.seq}&wait=${WAIT_MS}`, { headers });
    if (!polled.ok) throw new Error(`The poll was answered ${polled.status}: ${await polled.text()}`);
    for (const frame of (await polled.json()) as ServerFrame[]) {
      if (!('type' in frame) || frame.type !== 'feed') continue;
      position = { epoch, seq: frame.to };
      for (const entry of frame.entries) {
        if (entry.kind !== 'advance' || entry.conversation !== conversation || entry.to <= held) continue;
        const ask = [{ id: 1, type: 'read', ranges: [{ conversation, after: held, to: entry.to }], limit: 200 }];
        const answer = await fetch(`${url}/api/commands`, { method: 'POST', headers, body: JSON.stringify(ask) });
        const [reply] = (await answer.json()) as [{ result: { slices: Slice[] } }];
        for (const { key } of reply.result.slices[0]?.entries ?? []) came(key);
        held = entry.to;
      }
    }
  }
};
