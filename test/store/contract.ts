/** The rules of the store port; every adapter is held to them. */
import { afterEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { APPEND_ROWS_MAX, type Row, type Store, shardOf } from '../../src/store/store.ts';

export const row = (key: string, sender = 'mara', body: string | null = `{"text":"${key}"}`): Row => ({
  header: `{"key":"${key}"}`,
  body,
  sender,
  key,
});

export function storeContract(name: string, open: () => Promise<Store>): void {
  const opened: Store[] = [];
  const fresh = async () => {
    const store = await open();
    opened.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  describe(`${name}: logs`, () => {
    test('[ST1] an empty log has head 0 and nothing to read', async () => {
      const store = await fresh();
      expect([await store.head('c/x'), await store.read('c/x', 1, 9)]).toEqual([0, { rows: [], floor: 0 }]);
    });
    test('[ST2] an append that expects the head is applied and read back', async () => {
      const store = await fresh();
      expect(await store.append('c/x', 0, [row('a'), row('b')])).toEqual({ kind: 'applied', last: 2 });
      expect((await store.read('c/x', 1, 9)).rows.map(({ seq, body }) => [seq, body])).toEqual([
        [1, '{"text":"a"}'],
        [2, '{"text":"b"}'],
      ]);
    });
    test('[ST3] one that expects another head is told the head and writes nothing', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a')]);
      expect(await store.append('c/x', 0, [row('b')])).toEqual({ kind: 'moved', last: 1 });
      expect(await store.append('c/x', 5, [row('b')])).toEqual({ kind: 'moved', last: 1 });
      expect(await store.findKey('x', 'mara', 'b', 0, 9)).toBeNull();
    });
    test('[ST4] of several at once one is applied', async () => {
      const store = await fresh();
      const outcomes = await Promise.all(['a', 'b', 'c'].map((key) => store.append('c/x', 0, [row(key)])));
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['applied', 'moved', 'moved']);
    });
    test('[ST5] appends queued one behind the other are all applied', async () => {
      const store = await fresh();
      const outcomes = await Promise.all([0, 1, 2, 3].map((last) => store.append('c/x', last, [row(`k${last}`)])));
      expect(outcomes.every(({ kind }) => kind === 'applied')).toBe(true);
      expect(await store.head('c/x')).toBe(4);
    });
    test('[ST6] head waits for an append that is under way', async () => {
      const store = await fresh();
      const append = store.append('c/x', 0, [row('a')]);
      const head = await store.head('c/x');
      await append;
      expect([0, 1]).toContain(head);
      expect(await store.head('c/x')).toBe(1);
    });
    test('[ST7] read begins where it is asked to and holds to its limit', async () => {
      const store = await fresh();
      await store.append(
        'c/x',
        0,
        ['a', 'b', 'c', 'd'].map((key) => row(key)),
      );
      expect((await store.read('c/x', 2, 2)).rows.map(({ seq }) => seq)).toEqual([2, 3]);
      expect((await store.read('c/x', 5, 2)).rows).toEqual([]);
    });
    test('[ST8] logs do not run into each other', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a')]);
      await store.append('c/x1', 0, [row('b'), row('c')]);
      await store.append('f/x', 0, [{ header: '{}', body: null }]);
      expect([await store.head('c/x'), await store.head('c/x1'), await store.head('f/x')]).toEqual([1, 2, 1]);
      expect((await store.read('c/x', 1, 9)).rows).toHaveLength(1);
    });
    test('[ST9] texts come back as they were', async () => {
      const store = await fresh();
      const header = '{"t":"\u0000 ä 北京 🙂 \\u0000"}';
      await store.append('c/x', 0, [
        { header, body: '""' },
        { header, body: null },
      ]);
      const { rows } = await store.read('c/x', 1, 9);
      expect(rows).toEqual([
        { seq: 1, header, body: '""' },
        { seq: 2, header, body: null },
      ]);
    });
    test('[ST10] an append holds 64 rows', async () => {
      const store = await fresh();
      const rows = Array.from({ length: APPEND_ROWS_MAX }, (_, i) => row(`k${i}`));
      expect(await store.append('c/x', 0, rows)).toEqual({ kind: 'applied', last: 64 });
    });
    test('[ST11] callers that compete make a dense log with each key once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }), async (sizes) => {
          const store = await fresh();
          await Promise.all(
            sizes.map(async (size, caller) => {
              const rows = Array.from({ length: size }, (_, i) => row(`k${i}`, `u${caller}`));
              let last = 0;
              for (;;) {
                const outcome = await store.append('c/x', last, rows);
                if (outcome.kind === 'applied') return;
                last = outcome.last;
              }
            }),
          );
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const { rows } = await store.read('c/x', 1, 100);
          expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
        }),
        { numRuns: 15 },
      );
    });
  });

  describe(`${name}: what follows what`, () => {
    test('[ST32] head decides every append that was under way when it was asked', async () => {
      const store = await fresh();
      const appends = [0, 1, 2].map((last) => store.append('c/x', last, [row(`k${last}`)]).catch(() => null));
      const head = await store.head('c/x');
      const applied = (await Promise.all(appends)).filter((outcome) => outcome?.kind === 'applied').length;
      expect(head).toBe(applied);
      expect((await store.read('c/x', 1, 9)).rows).toHaveLength(head);
    });
    test('[ST33] read sees every append that returned, get every raise', async () => {
      const store = await fresh();
      for (let last = 0; last < 30; last++) {
        await Promise.all([
          store.append('c/x', last, [row(`k${last}`)]).then(async () => {
            expect((await store.read('c/x', last + 1, 1)).rows).toHaveLength(1);
          }),
          store.raise('p', [{ key: 'k', stamp: last + 1, value: '' }]).then(async () => {
            expect((await store.getRegister('p', 'k'))?.stamp).toBe(last + 1);
          }),
        ]);
      }
    });
    test('[ST34] an append that competes with a trim keeps the head', async () => {
      const store = await fresh();
      const feedRow = { header: '{}', body: null };
      for (let last = 0; last < 20; last++) {
        const [outcome] = await Promise.all([store.append('f/x', last, [feedRow]), store.trim('f/x', last)]);
        expect(outcome).toEqual({ kind: 'applied', last: last + 1 });
      }
      expect(await store.head('f/x')).toBe(20);
      expect(await store.read('f/x', 1, 99)).toEqual({ rows: [{ seq: 20, ...feedRow }], floor: 19 });
    });
    test('[ST35] nobody who pages through what changes misses what was there all the time', async () => {
      const store = await fresh();
      const keys = Array.from({ length: 20 }, (_, i) => String(i).padStart(2, '0'));
      for (const key of keys) await store.putRecord('p', key, key, 0);
      const seen: string[] = [];
      for (let after = ''; ; ) {
        const page = await store.listRecords('p', after, 3);
        if (page.length === 0) break;
        seen.push(...page.map(({ key }) => key));
        after = page.at(-1)!.key;
        await store.deleteRecord('p', page[0]!.key, 1);
        await store.putRecord('p', `!${after}`, 'new', 0);
      }
      expect(seen.filter((key) => key.length === 2)).toEqual(keys);
    });
    test('[ST36] a closed store is unavailable', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a')]);
      await store.close();
      const calls: (() => Promise<unknown>)[] = [
        () => store.append('c/x', 1, [row('b')]),
        () => store.head('c/x'),
        () => store.read('c/x', 1, 1),
        () => store.findKey('x', 'mara', 'a', 0, 1),
        () => store.raise('p', [{ key: 'k', stamp: 1, value: '' }]),
        () => store.obligations(0, '', 1),
        () => store.discharge('x', 9),
        () => store.getRecord('p', 'k'),
        () => store.putRecord('p', 'k', '', 0),
        () => store.schedule(1, 'x'),
        () => store.trim('c/x', 1),
        () => store.epoch(),
      ];
      for (const call of calls) {
        const outcome = await call().catch((error) => error);
        expect(`${(outcome as Error | null)?.name} at ${call}`).toBe(`Unavailable at ${call}`);
      }
      await store.close();
    });
  });

  describe(`${name}: keys`, () => {
    test('[ST12] a key is found with its sender, between the bounds', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a'), row('b')]);
      expect(await store.findKey('x', 'mara', 'b', 0, 2)).toBe(2);
      expect(await store.findKey('x', 'mara', 'b', 1, 2)).toBe(2);
    });
    test('[ST13] and not below the base, above the head, by another sender, or elsewhere', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a'), row('b')]);
      expect(await store.findKey('x', 'mara', 'b', 2, 2)).toBeNull();
      expect(await store.findKey('x', 'mara', 'b', 0, 1)).toBeNull();
      expect(await store.findKey('x', 'theo', 'b', 0, 2)).toBeNull();
      expect(await store.findKey('y', 'mara', 'b', 0, 2)).toBeNull();
    });
  });

  describe(`${name}: registers`, () => {
    test('[ST14] keep the greatest stamp, in any order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }), async (stamps) => {
          const store = await fresh();
          await Promise.all(stamps.map((stamp) => store.raise('p', [{ key: 'k', stamp, value: `v${stamp}` }])));
          const greatest = Math.max(...stamps);
          expect(await store.getRegister('p', 'k')).toEqual({ stamp: greatest, value: `v${greatest}` });
        }),
        { numRuns: 20 },
      );
    });
    test('[ST15] are absent until raised', async () => expect(await (await fresh()).getRegister('p', 'k')).toBeNull());
    test('[ST16] several keys rise together, the same key once', async () => {
      const store = await fresh();
      await store.raise('p', [
        { key: 'a', stamp: 2, value: 'new' },
        { key: 'a', stamp: 1, value: 'old' },
        { key: 'b', stamp: 1, value: '' },
      ]);
      expect(await store.listRegisters('p', '', 9)).toEqual([
        { key: 'a', stamp: 2, value: 'new' },
        { key: 'b', stamp: 1, value: '' },
      ]);
    });
    test('[ST17] are listed in the order of bytes, page by page', async () => {
      const store = await fresh();
      const keys = ['b', 'a', 'a/', 'é', 'ab', 'a\u0000b', 'a\u0001'];
      await store.raise(
        'p',
        keys.map((key) => ({ key, stamp: 1, value: '' })),
      );
      const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const listed: string[] = [];
      for (;;) {
        const page = await store.listRegisters('p', listed.at(-1) ?? '', 2);
        if (page.length === 0) break;
        listed.push(...page.map(({ key }) => key));
      }
      expect(listed).toEqual(sorted);
    });
    test('[ST18] partitions do not run into each other', async () => {
      const store = await fresh();
      await store.raise('p', [{ key: 'k', stamp: 1, value: '' }]);
      await store.raise('p/k', [{ key: '', stamp: 1, value: '' }]);
      await store.raise('p\u0000k', [{ key: 'z', stamp: 1, value: '' }]);
      expect((await store.listRegisters('p', '', 9)).map(({ key }) => key)).toEqual(['k']);
    });
  });

  describe(`${name}: obligations`, () => {
    const shard = shardOf('x');
    test('[ST19] an append to a conversation leaves one, to a feed none', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a'), row('b')]);
      await store.append('f/x', 0, [{ header: '{}', body: null }]);
      expect(await store.obligations(shard, '', 9)).toEqual([{ conversation: 'x', seq: 2 }]);
    });
    test('[ST20] discharged up to the head it is gone', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a')]);
      await store.discharge('x', 1);
      expect(await store.obligations(shard, '', 9)).toEqual([]);
      await store.discharge('x', 1);
    });
    test('[ST21] discharged below the head it stays', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a'), row('b')]);
      await store.discharge('x', 1);
      expect(await store.obligations(shard, '', 9)).toEqual([{ conversation: 'x', seq: 2 }]);
    });
    test('[ST22] a discharge that races with an append does not take the new one', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a')]);
      await Promise.all([store.discharge('x', 1), store.append('c/x', 1, [row('b')]), store.discharge('x', 1)]);
      expect(await store.obligations(shard, '', 9)).toEqual([{ conversation: 'x', seq: 2 }]);
    });
    test('[ST23] are listed page by page', async () => {
      const store = await fresh();
      const ids = Array.from({ length: 40 }, (_, i) => `id${i}`)
        .filter((id) => shardOf(id) === shard)
        .sort();
      for (const id of ids) await store.append(`c/${id}`, 0, [row('a')]);
      const first = await store.obligations(shard, '', 1);
      const rest = await store.obligations(shard, first[0]!.conversation, 99);
      expect([...first, ...rest].map(({ conversation }) => conversation)).toEqual(ids);
    });
  });

  describe(`${name}: records`, () => {
    test('[ST24] are made once and changed by whoever knows the version', async () => {
      const store = await fresh();
      expect(await store.putRecord('p', 'k', 'one', 0)).toBe(true);
      expect(await store.putRecord('p', 'k', 'two', 0)).toBe(false);
      expect(await store.putRecord('p', 'k', 'two', 1)).toBe(true);
      expect(await store.getRecord('p', 'k')).toEqual({ key: 'k', version: 2, value: 'two' });
    });
    test('[ST25] of several who make one, one does', async () => {
      const store = await fresh();
      const made = await Promise.all(['a', 'b', 'c'].map((value) => store.putRecord('p', 'k', value, 0)));
      expect(made.filter(Boolean)).toHaveLength(1);
    });
    test('[ST26] are deleted by version and may be made anew', async () => {
      const store = await fresh();
      await store.putRecord('p', 'k', 'one', 0);
      expect(await store.deleteRecord('p', 'k', 7)).toBe(false);
      expect(await store.deleteRecord('p', 'k', 1)).toBe(true);
      expect(await store.getRecord('p', 'k')).toBeNull();
      expect(await store.putRecord('p', 'k', 'again', 0)).toBe(true);
    });
    test('[ST27] are listed after a key', async () => {
      const store = await fresh();
      for (const key of ['c', 'a', 'b']) await store.putRecord('p', key, key, 0);
      expect((await store.listRecords('p', 'a', 9)).map(({ key }) => key)).toEqual(['b', 'c']);
    });
  });

  describe(`${name}: schedules, trimming, epoch`, () => {
    test('[ST28] what is due comes oldest first and stays until it is taken off', async () => {
      const store = await fresh();
      await store.schedule(20, 'x');
      await store.schedule(10, 'x');
      await store.schedule(30, 'x');
      expect(await store.due(shardOf('x'), 20, 9)).toEqual([
        { at: 10, item: 'x' },
        { at: 20, item: 'x' },
      ]);
      await store.unschedule(10, 'x');
      expect(await store.due(shardOf('x'), 20, 9)).toEqual([{ at: 20, item: 'x' }]);
    });
    test('[ST29] trimming raises the floor and never the head', async () => {
      const store = await fresh();
      await store.append(
        'f/x',
        0,
        ['a', 'b', 'c'].map((key) => ({ header: `"${key}"`, body: null })),
      );
      await store.trim('f/x', 2);
      expect(await store.read('f/x', 1, 9)).toEqual({ rows: [{ seq: 3, header: '"c"', body: null }], floor: 2 });
      await store.trim('f/x', 99);
      expect([await store.head('f/x'), (await store.read('f/x', 1, 9)).floor]).toEqual([3, 3]);
      expect(await store.append('f/x', 3, [{ header: '"d"', body: null }])).toEqual({ kind: 'applied', last: 4 });
      expect((await store.read('f/x', 1, 9)).floor).toBe(3);
    });
    test('[ST30] scrubbing takes the body and leaves the header and the key', async () => {
      const store = await fresh();
      await store.append('c/x', 0, [row('a')]);
      await store.scrub('x', 1);
      expect((await store.read('c/x', 1, 9)).rows).toEqual([{ seq: 1, header: '{"key":"a"}', body: null }]);
      expect(await store.findKey('x', 'mara', 'a', 0, 1)).toBe(1);
    });
    test('[ST31] the epoch begins at 1 and only grows', async () => {
      const store = await fresh();
      expect([await store.epoch(), await store.raiseEpoch(5), await store.raiseEpoch(3)]).toEqual([1, 5, 5]);
    });
  });
}
