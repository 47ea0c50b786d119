import { expect, test } from 'bun:test';
import { People } from '../../src/client/people.ts';
import { systemClock } from '../../src/client/platform.ts';
import { Replica } from '../../src/client/replica.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { Storage } from '../../src/client/storage/storage.ts';
import type { Entry, MessageEntry, Profile, Summary } from '../../src/protocol/entities.ts';

const CHAT = 'chat';
const entry = (seq: number): Entry => ({
  kind: 'message',
  v: 1,
  seq,
  at: seq,
  sender: 'theo',
  device: 'd',
  key: `k${seq}`,
  ordinal: seq,
  lastMessage: seq,
  body: { v: 1, text: `m${seq}` },
});
const summary = (head: number, read: number): Summary => ({
  id: CHAT,
  kind: 'group',
  title: 'Garden',
  peer: null,
  history: 'joined',
  channel: false,
  role: 'member',
  joined: 1,
  memberCount: 2,
  head,
  ordinal: head,
  last: entry(head),
  at: head,
  read,
  unread: head - read,
  marks: [],
});

async function replica(): Promise<Replica> {
  const made = new Replica(memoryStorage(), systemClock(), 'writer');
  await made.load();
  made.user = 'mara';
  return made;
}

const pushed = (seq: number) => ({ conversation: CHAT, from: seq, to: seq, entries: [entry(seq)], head: seq });

test('a summary that is older than what was pushed still brings how far was read elsewhere', async () => {
  const held = await replica();
  held.applySummary(summary(3, 0));
  held.applySlice(pushed(4));
  held.applySummary(summary(3, 2));
  expect(held.conversations.get(CHAT)).toMatchObject({ summary: { head: 4, read: 2 }, doubt: 'unread' });
});

const calling = (seq: number, mentions: string[]) => ({
  ...pushed(seq),
  entries: [{ ...entry(seq), mentions } as Entry],
});

test('one is called first by what is unread, not by anything of one own, and again as the summary says', async () => {
  const held = await replica();
  const mention = () => held.conversations.get(CHAT)!.summary.firstMention;
  held.applySummary(summary(3, 0));
  held.applySlice(calling(4, ['theo']));
  held.applySlice({ ...calling(5, ['mara']), entries: [{ ...entry(5), sender: 'mara', mentions: ['mara'] } as Entry] });
  expect(mention()).toBeUndefined();
  held.applySlice(calling(6, ['ines', 'mara']));
  held.applySlice(calling(7, ['mara']));
  expect(mention()).toBe(6);
  // An older page tells nothing of what is unread.
  held.applySlice({ ...calling(2, ['mara']), head: 7 });
  expect(mention()).toBe(6);
  held.distrust();
  held.applySummary({ ...summary(5, 0), firstMention: 5 });
  expect(mention()).toBe(5);
});

test('what is deleted for oneself while the summary is under way leaves its number in doubt', async () => {
  const held = await replica();
  const asked = held.recounts;
  held.applySummary(summary(3, 0));
  held.applySetting(`hide/${CHAT}/2`, '1', 1);
  expect(held.conversations.get(CHAT)?.doubt).toBe('unread');
  held.applySummary(summary(3, 0), asked);
  expect(held.conversations.get(CHAT)?.doubt).toBe('unread');
  held.applySummary(summary(3, 0));
  expect(held.conversations.get(CHAT)?.doubt).toBeNull();
  // Of what is read it changes nothing.
  held.applySummary(summary(3, 2));
  held.applySetting(`hide/${CHAT}/1`, '1', 2);
  expect(held.conversations.get(CHAT)?.doubt).toBeNull();
});

test('where the last message is hidden, or shown again, the summary is asked for once more', async () => {
  const held = await replica();
  const doubt = () => held.conversations.get(CHAT)?.doubt;
  held.applySummary(summary(3, 3));
  held.applySetting(`hide/${CHAT}/3`, '1', 1);
  expect(doubt()).toBe('all');
  // It was on its way already.
  held.applySummary(summary(3, 3));
  expect(doubt()).toBe('all');
  held.applySummary({ ...summary(3, 3), last: entry(2) });
  expect(doubt()).toBeNull();
  held.applySetting(`hide/${CHAT}/3`, '', 2);
  expect(doubt()).toBe('all');
  held.applySummary(summary(3, 3));
  expect(doubt()).toBeNull();
});

test('a replica of before, which does not know where the unread ones begin, asks anew', async () => {
  const held = await replica();
  held.applySummary(summary(3, 1));
  await held.flushed();
  const again = new Replica(held.storage, systemClock(), 'next');
  await again.load();
  expect(again.conversations.get(CHAT)?.doubt).toBe('unread');
});

test('after a restore nothing is folded in before the summary has come afresh, which may be of a lower head', async () => {
  const held = await replica();
  held.applySummary(summary(3, 0));
  held.distrust();
  expect(held.applySlice(pushed(4))).toBe(false);
  held.applySummary(summary(2, 0));
  expect(held.conversations.get(CHAT)).toMatchObject({ summary: { head: 2 }, ranges: [] });
  expect(held.applySlice(pushed(3))).toBe(true);
});

test('entries of before a restore are not shown as those of after it', async () => {
  const held = await replica();
  held.applySummary(summary(1, 0));
  for (const seq of [2, 3]) held.applySlice(pushed(seq));
  held.distrust();
  expect(await held.annals.entries(CHAT, 1, 9, 10, false)).toEqual([]);
});

test('a storage that takes nothing is told of, and gets all once it does again', async () => {
  const kept = memoryStorage();
  let isFull = false;
  let tries = 0;
  const storage: Storage = {
    ...kept,
    async write(writes, guard) {
      if (isFull && ++tries > 0) throw new DOMException('', 'QuotaExceededError');
      return await kept.write(writes, guard);
    },
  };
  const clock = systemClock();
  const held = new Replica(storage, { ...clock, after: (_, run) => clock.after(0, run) }, 'writer');
  await held.load();
  const told: boolean[] = [];
  const tried = new Promise<void>((resolve) => {
    const keeps = (isKept: boolean) => {
      told.push(isKept);
      resolve();
    };
    held.hooks = { ...held.hooks, keeps };
  });
  isFull = true;
  held.put('a', 1);
  held.put('b', 1);
  await tried;
  held.put('b', 2);
  expect(held.isKept).toBe(false);
  isFull = false;
  await held.flushed();
  expect([await kept.get('a'), await kept.get('b')]).toEqual([1, 2]);
  expect([held.isKept, told, tries > 0]).toEqual([true, [false, true], true]);
});

test('of a stranger whose request is not answered the profile has no chosen name, the same object each time', async () => {
  const held = await replica();
  const people = new People(
    held,
    systemClock(),
    () => Promise.reject(new Error('offline')),
    () => {},
  );
  const theo: Profile = { user: 'theo', name: 'theo', displayName: 'THE BEST', role: 'person', version: 1 };
  held.applyProfile(theo);
  expect(people.profile('theo')).toBe(theo);
  held.applySummary({ ...summary(1, 0), kind: 'direct', peer: 'theo', request: 'received' });
  const shown = people.profile('theo');
  expect(shown).toEqual({ ...theo, displayName: '' });
  expect(people.profile('theo')).toBe(shown);
  const { body: _, ...header } = entry(2) as MessageEntry;
  const accepted: Entry = { ...header, kind: 'accepted', sender: 'mara' };
  held.applySlice({ conversation: CHAT, from: 2, to: 2, entries: [accepted], head: 2 });
  expect(people.profile('theo')).toBe(theo);
});
