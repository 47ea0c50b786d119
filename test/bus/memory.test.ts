import { expect, test } from 'bun:test';
import { MemoryHub } from '../../src/bus/memory.ts';

test('a hint reaches every subscriber of its subject but the publisher', () => {
  const hub = new MemoryHub();
  const [a, b, c] = [hub.attach(), hub.attach(), hub.attach()];
  const heard: string[] = [];
  a.subscribe('x', (hint) => heard.push(`a ${hint}`));
  b.subscribe('x', (hint) => heard.push(`b ${hint}`));
  c.subscribe('y', (hint) => heard.push(`c ${hint}`));
  a.publish('x', '1');
  expect(heard).toEqual(['b 1']);
});

test('nobody hears after stopping or closing', async () => {
  const hub = new MemoryHub();
  const [a, b, c] = [hub.attach(), hub.attach(), hub.attach()];
  const heard: string[] = [];
  const stop = b.subscribe('x', (hint) => heard.push(hint));
  c.subscribe('x', (hint) => heard.push(hint));
  stop();
  await c.close();
  a.publish('x', '1');
  expect(heard).toEqual([]);
});

test('delivery is in the hands of the hub', () => {
  const waiting: (() => void)[] = [];
  const hub = new MemoryHub((run) => waiting.push(run, run));
  const [a, b] = [hub.attach(), hub.attach()];
  const heard: string[] = [];
  b.subscribe('x', (hint) => heard.push(hint));
  a.publish('x', '1');
  expect(heard).toEqual([]);
  for (const run of waiting) run();
  expect(heard).toEqual(['1', '1']);
});
