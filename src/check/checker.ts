/**
 * Judges a history by the anomalies that people would name. It shares nothing with the program but the form of what
 * it reads: the log is the truth about order, the history about what was promised, the views about what was shown.
 */
import type { FinalLog, FinalView, Operation, ShownMessage } from './history.ts';

export const ANOMALIES = [
  'lost',
  'duplicated',
  'skipped',
  'reordered',
  'diverged',
  'phantom unread',
  'resurrected',
  'intruded',
  'stale',
] as const;
export type Anomaly = (typeof ANOMALIES)[number];

export interface Violation {
  readonly anomaly: Anomaly;
  readonly detail: string;
}

/** More than this is shown as "999+". */
const UNREAD_CAP = 1_000;

export function checkHistory(
  history: readonly Operation[],
  logs: readonly FinalLog[],
  views: readonly FinalView[],
): Violation[] {
  const violations: Violation[] = [];
  const found = (anomaly: Anomaly, detail: string) => violations.push({ anomaly, detail });
  const logsById = new Map(logs.map((log) => [log.conversation, log]));
  for (const log of logs) checkLog(log, found);
  checkAnswers(history, logsById, found);
  checkOrder(history, found);
  checkObservations(history, logsById, found);
  for (const view of views) checkView(view, logsById.get(view.conversation), found);
  return violations;
}

export type Found = (anomaly: Anomaly, detail: string) => void;

/** Dense from 1; each sender's key once. */
function checkLog({ conversation, entries }: FinalLog, found: Found): void {
  const seqByName = new Map<string, number>();
  for (const [i, { seq, key, sender }] of entries.entries()) {
    if (seq !== i + 1) found('skipped', `${conversation} has ${seq} where ${i + 1} belongs`);
    const name = `${sender} ${key}`;
    const first = seqByName.get(name);
    if (first !== undefined) found('duplicated', `${conversation}: ${key} is ${first} and ${seq}`);
    seqByName.set(name, seq);
  }
}

/** Every ack holds, all acks of a key agree, and what was refused is not there. */
function checkAnswers(history: readonly Operation[], logs: ReadonlyMap<string, FinalLog>, found: Found): void {
  const acked = new Map<string, number>();
  for (const { op, phase, conversation, key, seq } of history) {
    if (op !== 'send' || key === undefined) continue;
    const log = logs.get(conversation)?.entries ?? [];
    if (phase === 'ok' && seq !== undefined) {
      if (log[seq - 1]?.key !== key) found('lost', `${conversation}: ${key} was acked as ${seq} and is not there`);
      const before = acked.get(`${conversation} ${key}`);
      if (before !== undefined && before !== seq) {
        found('duplicated', `${conversation}: ${key} was acked as ${before} and ${seq}`);
      }
      acked.set(`${conversation} ${key}`, seq);
    }
    if (phase === 'refused' && log.some((entry) => entry.key === key)) {
      found('resurrected', `${conversation}: ${key} was refused and is there`);
    }
  }
}

/** What was acked before another was begun stands before it; one device's messages stand as they were written. */
function checkOrder(history: readonly Operation[], found: Found): void {
  const newestAcked = new Map<string, number>();
  const ackedAtStart = new Map<string, number>();
  const written = new Map<string, string[]>();
  const seqByKey = new Map<string, number>();
  for (const { op, phase, proc, conversation, key, seq } of history) {
    if (op !== 'send' || key === undefined) continue;
    const name = `${conversation} ${key}`;
    if (phase === 'start') {
      ackedAtStart.set(name, newestAcked.get(conversation) ?? 0);
      const own = written.get(`${proc} ${conversation}`) ?? [];
      own.push(name);
      written.set(`${proc} ${conversation}`, own);
    } else if (phase === 'ok' && seq !== undefined) {
      seqByKey.set(name, seq);
      if (seq <= (ackedAtStart.get(name) ?? 0)) {
        found('reordered', `${name} is ${seq}, though ${ackedAtStart.get(name)} was acked before it was begun`);
      }
      newestAcked.set(conversation, Math.max(newestAcked.get(conversation) ?? 0, seq));
    }
  }
  for (const own of written.values()) {
    let last = 0;
    for (const name of own) {
      const seq = seqByKey.get(name);
      if (seq === undefined) continue;
      if (seq < last) found('reordered', `${name} is ${seq}, written after ${last} on the same device`);
      last = Math.max(last, seq);
    }
  }
}

/** What a device is shown is in the log at that place, and one device is shown a conversation in its order. */
function checkObservations(history: readonly Operation[], logs: ReadonlyMap<string, FinalLog>, found: Found): void {
  const shown = new Map<string, number>();
  for (const { op, phase, proc, conversation, entries } of history) {
    if (op === 'send' || phase !== 'ok' || !entries) continue;
    const log = logs.get(conversation)?.entries ?? [];
    for (const [seq, key] of entries) {
      if (log[seq - 1]?.key !== key) found('diverged', `${proc} was shown ${key} at ${seq} of ${conversation}`);
      if (op !== 'observe') continue;
      const last = shown.get(`${proc} ${conversation}`) ?? 0;
      if (seq <= last) found('reordered', `${proc} was shown ${seq} of ${conversation} after ${last}`);
      shown.set(`${proc} ${conversation}`, seq);
    }
  }
}

function checkView(view: FinalView, log: FinalLog | undefined, found: Found): void {
  const where = `${view.proc} in ${view.conversation}`;
  const standing = (log?.entries ?? []).filter(({ seq }) => seq >= (log?.ended ?? 0));
  const acts = standing.filter(({ act }) => act !== undefined);
  const visible = standing.filter(({ seq, act }) => act === undefined && view.visible(seq));
  const expected = visible.filter(({ seq }) => !view.hidden(seq));
  const held = new Map(view.entries);
  for (const { seq, key } of expected) {
    if (!held.has(seq)) found('skipped', `${where}: ${seq} is missing`);
    else if (held.get(seq) !== key) found('diverged', `${where}: ${seq} is another entry`);
  }
  if (view.entries.length > expected.length) found('diverged', `${where}: holds what it may not see`);
  const deleted = new Set(acts.filter(({ act }) => act === 'deleted').map(({ target }) => target));
  const unread = expected.filter(
    ({ seq, sender, message, gone }) =>
      message && sender !== view.user && !view.blocked.has(sender) && seq > view.read && !deleted.has(seq) && !gone,
  );
  const first = unread[0]?.seq ?? null;
  const mention = unread.find(({ mentions }) => mentions?.includes(view.user))?.seq ?? null;
  if (Math.min(unread.length, UNREAD_CAP) !== view.unread) {
    found('phantom unread', `${where}: shows ${view.unread}, there are ${unread.length} above ${view.read}`);
  } else if (unread.length < UNREAD_CAP && (first !== view.firstUnread || mention !== view.firstMention)) {
    const shown = `${view.firstUnread}, called at ${view.firstMention}`;
    found('phantom unread', `${where}: begins at ${shown}; it is ${first} and ${mention}`);
  }
  const said = new Map(visible.filter(({ message }) => message).map((entry) => [entry.seq, entry]));
  for (const shown of view.messages) {
    const { text = '', gone = false } = said.get(shown.seq) ?? {};
    const [is, should] = [shown, messageOf(shown.seq, text, gone, acts)].map((of) => JSON.stringify(of));
    if (is !== should) found('stale', `${where}: ${is} is shown, it is ${should}`);
  }
}

/** What a message is once everything that was done to it is gone through in the order of the log. */
function messageOf(seq: number, said: string, gone: boolean, acts: FinalLog['entries']): ShownMessage {
  let [text, deletedBy, edited]: [string | null, string | null, boolean] = [said, null, false];
  const chosen = new Map<string, string>();
  for (const { act, target, sender, text: newer = '', emoji = '' } of acts) {
    if (target !== seq || deletedBy !== null) continue;
    if (act === 'edited') [text, edited] = [newer, true];
    else if (act === 'deleted') [text, edited, deletedBy] = [null, false, sender];
    else chosen.set(sender, emoji);
  }
  if (gone) [text, edited] = [null, false];
  const reactions = [...chosen].filter(([, emoji]) => emoji !== '').map(([user, emoji]) => `${user} ${emoji}`);
  return { seq, text, deletedBy, edited, reactions: deletedBy === null ? reactions.sort() : [] };
}
