/** One group, one sender: the next message when every member has the last. */

import { percentile, type Report } from './figures.ts';
import type { Pace } from './floors.ts';
import { appendFloor, echoFloor } from './floors.ts';
import { cpuSeconds, type Host } from './host.ts';
import { openGroup, signUpAll, TEXT } from './people.ts';
import { newKey } from './wire.ts';

export async function group(host: Host, size: number, pace: Pace, report: Report): Promise<void> {
  const people = await signUpAll(host.url, 'member', size);
  const [sender, ...others] = people;
  if (!sender) return;
  const conversation = await openGroup(sender, others);
  await Bun.sleep(200);
  const floors = { echo: await echoFloor(size, 1, pace), append: await appendFloor(1, pace) };

  let latency: number[] = [];
  let last: number[] = [];
  let messages = 0;
  let awaited = 0;
  let wrong = 0;
  let head = 1;
  let sending = true;
  let key = '';
  let sentAt = 0;
  let drained = () => {};

  const send = () => {
    key = newKey();
    awaited = size;
    sentAt = performance.now();
    const draft = { kind: 'message', key, baseSeq: head, body: { v: 1, text: TEXT } } as const;
    sender.wire.ask('send', { conversation, drafts: [draft] }, (reply) => {
      const seq = (reply?.result as { results: { seq?: number }[] } | undefined)?.results[0]?.seq;
      if (seq === undefined) wrong++;
      else head = seq;
      arrived();
    });
  };
  const arrived = () => {
    const took = performance.now() - sentAt;
    latency.push(took);
    if (--awaited > 0) return;
    last.push(took);
    messages++;
    if (sending) send();
    else drained();
  };
  for (const { wire } of others) {
    wire.onEvent = (event) => {
      if (event.type !== 'message') return;
      for (const entry of event.entries) {
        if (entry.key === key) arrived();
        else wrong++;
      }
    };
  }

  send();
  await Bun.sleep(pace.warmUpMs);
  [latency, last, messages] = [[], [], 0];
  const began = performance.now();
  const cpuBefore = cpuSeconds(host.pid);
  await Bun.sleep(pace.measuredMs);
  const [samples, lasts, sent] = [latency, last, messages];
  const seconds = (performance.now() - began) / 1_000;
  const cpu = cpuSeconds(host.pid) - cpuBefore;
  await new Promise<void>((resolve, reject) => {
    drained = resolve;
    sending = false;
    setTimeout(() => reject(new Error(`${awaited} members never got the last message.`)), 10_000);
  });

  const add = (metric: string, value: number, unit: string, serverCpuSeconds = cpu) =>
    report({ workload: 'group', metric, value, unit, serverCpuSeconds, members: size, window: 1 });
  add('rate', sent / seconds, 'messages/s');
  add('deliveries', samples.length / seconds, 'deliveries/s');
  add('p50', percentile(samples, 0.5), 'ms');
  add('p99', percentile(samples, 0.99), 'ms');
  add('last member p50', percentile(lasts, 0.5), 'ms');
  add('server cpu', (cpu * 1e6) / Math.max(1, samples.length), 'µs/delivery');
  add('server cores', cpu / seconds, 'cores');
  add('wrong', wrong, 'messages');
  add('floor echo rate', floors.echo.rate, 'echoes/s', floors.echo.cpu);
  add('floor echo p99', floors.echo.p99, 'ms', floors.echo.cpu);
  add('floor append p50', floors.append.p50, 'ms', floors.append.cpu);
  add('floor cpu', floors.echo.cpuMicros / 2, 'µs/delivery', floors.echo.cpu);
  for (const { wire } of people) wire.close();
}
