/** What was promised against what is there. */
import type { Device } from './device.ts';

export interface Verdict {
  acked: number;
  /** Acked and not in the history, refused without a reason, or a hole in the numbers. */
  lost: number;
  /** One key under two numbers. */
  duplicated: number;
  /** Another number than acked or seen live, devices that disagree, or a sender's messages out of order. */
  reordered: number;
  conversations: number;
  entries: number;
  examples: string[];
}

export type Read = ReadonlyMap<string, readonly (readonly [seq: number, key: string, ...rest: unknown[]])[]>;

/** What a device holds that only looked. */
export interface Looker {
  readonly name: string;
  readonly held: Read;
}

/** `histories` are what each device reads at the end. */
export function judge(
  devices: readonly Pick<Device, 'name' | 'logs' | 'contradictions'>[],
  histories: readonly Read[],
  lookers: readonly Looker[],
): Verdict {
  const verdict: Verdict = {
    acked: 0,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    conversations: 0,
    entries: 0,
    examples: [],
  };
  const fault = (kind: 'lost' | 'duplicated' | 'reordered', what: string) => {
    verdict[kind]++;
    if (verdict.examples.length < 20) verdict.examples.push(`${kind}: ${what}`);
  };
  const agreed = new Map<string, string>();

  devices.forEach((device, index) => {
    for (const what of device.contradictions) fault('reordered', `${device.name} saw two keys in ${what}`);
    for (const [conversation, log] of device.logs) {
      const entries = histories[index]?.get(conversation) ?? [];
      const places = new Map<string, number>();
      entries.forEach(([seq, key], at) => {
        if (seq !== at + 1) fault('lost', `${device.name} reads seq ${seq} at place ${at + 1} of ${conversation}`);
        if (places.has(key)) fault('duplicated', `${key} is ${places.get(key)} and ${seq} of ${conversation}`);
        else places.set(key, seq);
      });

      const order = entries.map(([seq, key]) => `${seq} ${key}`).join('\n');
      if (!agreed.has(conversation)) verdict.entries += entries.length;
      if ((agreed.get(conversation) ?? order) !== order)
        fault('reordered', `${device.name} differs in ${conversation}`);
      agreed.set(conversation, order);

      verdict.acked += log.acked.size;
      for (const [key, code] of log.refused) fault('lost', `${key} of ${device.name} was refused: ${code}`);
      for (const [key, seq] of log.acked) {
        const place = places.get(key);
        if (place === undefined) fault('lost', `${key}, acked as ${seq} of ${conversation} to ${device.name}`);
        else if (place !== seq) fault('reordered', `${key}, acked as ${seq}, is ${place} of ${conversation}`);
      }
      for (const [seq, key] of log.observed) {
        if (places.get(key) !== seq) fault('reordered', `${device.name} saw ${key} as ${seq} of ${conversation}`);
      }
      let before = 0;
      for (const key of log.written) {
        const place = places.get(key);
        if (place === undefined) continue;
        if (place < before)
          fault('reordered', `${device.name} wrote ${key} after what is ${before} of ${conversation}`);
        before = place;
      }
    }
  });
  for (const { name, held } of lookers) {
    for (const [conversation, entries] of held) {
      const order = entries.map(([seq, key]) => `${seq} ${key}`).join('\n');
      if (agreed.get(conversation) !== order) fault('reordered', `${name} holds another ${conversation}`);
    }
  }
  verdict.conversations = agreed.size;
  return verdict;
}
