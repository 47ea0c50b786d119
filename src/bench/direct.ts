/** Pairs: a sender has W messages on the way and sends the next when the recipient has one. */
import type { Event } from '../protocol/events.ts';
import { percentile, type Report } from './figures.ts';
import { appendFloor, echoFloor, type Pace } from './floors.ts';
import { cpuSeconds, type Host } from './host.ts';
import { openDirect, type Person, signUpAll, TEXT } from './people.ts';
import { inParallel, newKey } from './wire.ts';

interface Pair {
  readonly from: Person;
  readonly to: Person;
  readonly conversation: string;
  head: number;
  received: number;
}

const WARM_WINDOW = 8;
/** Pairs whose history is read after each run. */
const CHECKED = 5;

/** What one run counted; latencies in milliseconds. */
interface Counted {
  sent: number;
  received: number;
  acked: number;
  duplicated: number;
  reordered: number;
  refused: number;
  readonly latency: number[];
  readonly ack: number[];
}

export async function direct(host: Host, shapes: readonly (readonly [number, number])[], pace: Pace, report: Report) {
  const most = Math.max(...shapes.map(([pairs]) => pairs));
  const from = await signUpAll(host.url, 'from', most);
  const to = await signUpAll(host.url, 'to', most);
  const pairs = await inParallel(from, 16, async (person, i): Promise<Pair> => {
    const other = to[i]!;
    return { from: person, to: other, conversation: await openDirect(person, other), head: 1, received: 1 };
  });
  // Both programs compile what they run often; the first shape is not to measure that.
  await exchange(host, pairs, WARM_WINDOW, { warmUpMs: 0, measuredMs: pace.warmUpMs });
  for (const [count, window] of shapes) {
    const floors = { echo: await echoFloor(count, window, pace), append: await appendFloor(count * window, pace) };
    const run = await exchange(host, pairs.slice(0, count), window, pace);
    const add = (metric: string, value: number, unit: string, serverCpuSeconds = run.cpu) =>
      report({ workload: 'direct', metric, value, unit, serverCpuSeconds, pairs: count, window });
    const { counted } = run;
    const floor99 = floors.echo.p99 + floors.append.p99;
    add('rate', counted.received / run.seconds, 'messages/s');
    add('p50', percentile(counted.latency, 0.5), 'ms');
    add('p99', percentile(counted.latency, 0.99), 'ms');
    add('p999', percentile(counted.latency, 0.999), 'ms');
    add('ack p50', percentile(counted.ack, 0.5), 'ms');
    add('ack p99', percentile(counted.ack, 0.99), 'ms');
    add('server cpu', (run.cpu * 1e6) / counted.received, 'µs/message');
    add('server cores', run.cpu / run.seconds, 'cores');
    add('generator cpu', (run.generatorCpu * 1e6) / counted.received, 'µs/message');
    add('duplicated', counted.duplicated, 'messages');
    add('reordered', counted.reordered, 'messages');
    add('refused', counted.refused, 'messages');
    add('floor echo rate', floors.echo.rate, 'echoes/s', floors.echo.cpu);
    add('floor echo p50', floors.echo.p50, 'ms', floors.echo.cpu);
    add('floor echo p99', floors.echo.p99, 'ms', floors.echo.cpu);
    add('floor echo cpu', floors.echo.cpuMicros, 'µs/echo', floors.echo.cpu);
    add('floor append p50', floors.append.p50, 'ms', floors.append.cpu);
    add('floor append p99', floors.append.p99, 'ms', floors.append.cpu);
    add('floor append cpu', floors.append.cpuMicros, 'µs/row', floors.append.cpu);
    add('floor cpu', 1.5 * floors.echo.cpuMicros + floors.append.cpuMicros, 'µs/message', floors.echo.cpu);
    add('p50 / floor', percentile(counted.latency, 0.5) / (floors.echo.p50 + floors.append.p50), 'times');
    add('p99 / floor', percentile(counted.latency, 0.99) / floor99, 'times');
  }
  for (const { wire } of [...from, ...to]) wire.close();
}

async function exchange(host: Host, pairs: readonly Pair[], window: number, { warmUpMs, measuredMs }: Pace) {
  let counted = nothing();
  let sending = true;
  const sentAt = new Map<string, number>();

  const send = (pair: Pair) => {
    const key = newKey();
    const draft = { kind: 'message', key, baseSeq: pair.head, body: { v: 1, text: TEXT } } as const;
    const at = performance.now();
    sentAt.set(key, at);
    counted.sent++;
    pair.from.wire.ask('send', { conversation: pair.conversation, drafts: [draft] }, (reply) => {
      const result = (reply?.result as { results: { seq?: number }[] } | undefined)?.results[0];
      counted.acked++;
      counted.ack.push(performance.now() - at);
      if (result?.seq === undefined) counted.refused++;
      else if (result.seq > pair.head) pair.head = result.seq;
    });
  };
  const receive = (pair: Pair, event: Event) => {
    if (event.type !== 'message' || event.conversation !== pair.conversation) return;
    const now = performance.now();
    for (const { key, seq } of event.entries) {
      const at = sentAt.get(key);
      if (at === undefined) counted.duplicated++;
      else {
        sentAt.delete(key);
        counted.received++;
        counted.latency.push(now - at);
      }
      if (seq !== pair.received + 1) counted.reordered++;
      pair.received = seq;
      if (sending) send(pair);
    }
  };

  for (const pair of pairs) pair.to.wire.onEvent = (event) => receive(pair, event);
  for (const pair of pairs) for (let i = 0; i < window; i++) send(pair);
  await Bun.sleep(warmUpMs);
  counted = nothing();
  const began = performance.now();
  const cpuBefore = cpuSeconds(host.pid);
  const ownBefore = process.cpuUsage();
  await Bun.sleep(measuredMs);
  const measured = counted;
  counted = nothing();
  const seconds = (performance.now() - began) / 1_000;
  const cpu = cpuSeconds(host.pid) - cpuBefore;
  const own = process.cpuUsage(ownBefore);
  sending = false;
  for (let i = 0; i < 500 && sentAt.size > 0; i++) await Bun.sleep(10);
  if (sentAt.size > 0) throw new Error(`${sentAt.size} messages never reached their recipient.`);
  for (const pair of pairs.slice(0, CHECKED)) await checkHistory(pair);
  return { counted: measured, seconds, cpu, generatorCpu: (own.user + own.system) / 1e6 };
}

/** What the recipient has last is what both parties read last. */
async function checkHistory({ from, to, conversation, received }: Pair): Promise<void> {
  for (const { wire } of [from, to]) {
    const { entries } = await wire.call('history', { conversation, place: { last: true }, limit: 1 });
    if (entries.at(-1)?.seq !== received)
      throw new Error(`The history of ${conversation} does not end at ${received}.`);
  }
}

function nothing(): Counted {
  return { sent: 0, received: 0, acked: 0, duplicated: 0, reordered: 0, refused: 0, latency: [], ack: [] };
}
