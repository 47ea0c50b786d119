/** What every search index does: run by each adapter. */
import { expect, test } from 'bun:test';
import type { Doc, Find, SearchIndex } from '../../src/search/search.ts';

const FROM = Date.UTC(2026, 0, 1);
const doc = (seq: number, text: string, more: Partial<Doc> = {}): Doc => ({
  ...{ seq, at: FROM + seq * 1_000, sender: 'mara', has: [], text },
  ...more,
});
const everything = (conversation: string) => ({ conversation, intervals: [{ from: 1, to: 0 }] });

export function searchContract(name: string, open: () => Promise<SearchIndex>): void {
  const finds = async (index: SearchIndex, query: string, more: Partial<Find> = {}) => {
    const find = { query, scopes: [everything('choir')], after: null, limit: 100, ...more };
    return (await index.find(find)).hits.map(({ conversation, seq }) => `${conversation} ${seq}`);
  };
  const opened = async (docs: readonly Doc[] = []) => {
    const index = await open();
    if (docs.length > 0) await index.write('choir', docs.at(-1)!.seq, docs, []);
    return index;
  };

  const cases: readonly [string, string, boolean][] = [
    ['北京', '我们在北京见面', true],
    ['京', '我们在北京见面', true],
    ['北見', '我们在北京见面', false],
    ['HQ', 'Meet at the hq at noon', true],
    ['hq', 'the HQs are closed', true],
    ['cumen', 'The documents are there', true],
    ['zoe', 'Zoë comes, too', true],
    ['Zoë', 'zoe comes, too', true],
    ['STRASSE', 'in der Straße', true],
    ['κοσμος', 'Γειά σου Κόσμε, ο κόσμος', true],
    ['مدرسه', 'المَدْرَسَة بعيدة', true],
    ['שלום', 'שָׁלוֹם לכולם', true],
    ['की', 'राम की किताब', true],
    ['की', 'कि वह', false],
    ['서울', '내일 서울에서', true],
    ['カタ', 'ひらがなとカタカナ', true],
    ['👍', 'good 👍🏽', true],
    ['@mara', 'ask @mara about it', true],
    ['2026', 'in 2026 again', true],
    ['14:30', 'at 14:30 sharp', true],
    ['c++', 'written in C++ mostly', true],
    ['rehearsal friday', 'Friday is the rehearsal', true],
    ['rehearsal monday', 'Friday is the rehearsal', false],
    ['"the rehearsal"', 'Friday is the\n rehearsal', true],
    ['"rehearsal the"', 'Friday is the rehearsal', false],
    ['x', 'the x of it', true],
    ['x', 'next', false],
    ['abcbcd', 'abc bcd', false],
  ];

  test(`${name}: finds parts of words in every language`, async () => {
    const index = await opened(cases.map(([, text], i) => doc(i + 1, text)));
    for (const [i, [query, text, isFound]] of cases.entries()) {
      const hits = await finds(index, query);
      expect(`${query} in ${text}: ${hits.includes(`choir ${i + 1}`)}`).toBe(`${query} in ${text}: ${isFound}`);
    }
    await index.close();
  });

  test(`${name}: newest first, in pages without a double, whichever came first`, async () => {
    const index = await opened();
    const at = FROM + 5_000;
    await index.write(
      'choir',
      40,
      Array.from({ length: 40 }, (_, i) => doc(i + 1, 'hello', { at })),
      [],
    );
    await index.write('garden', 9, [doc(9, 'hello', { at: at + 1 })], []);
    await index.write('garden', 9, [doc(3, 'hello', { at: at - 1 })], []);
    const seen: string[] = [];
    for (let after: number | null = null; ; ) {
      const scopes = [everything('choir'), everything('garden')];
      const { hits, next } = await index.find({ query: 'hello', scopes, after, limit: 7 });
      seen.push(...hits.map(({ conversation, seq }) => `${conversation} ${seq}`));
      if (next === null) break;
      after = next;
    }
    const choir = Array.from({ length: 40 }, (_, i) => `choir ${40 - i}`);
    expect(seen).toEqual(['garden 9', ...choir, 'garden 3']);
    await index.close();
  });

  test(`${name}: what one may not see takes no place on a page`, async () => {
    const index = await opened(Array.from({ length: 30 }, (_, i) => doc(i + 1, 'secret')));
    await index.write(
      'other',
      30,
      Array.from({ length: 30 }, (_, i) => doc(i + 1, 'secret', { at: FROM + 1e6 })),
      [],
    );
    const scopes = [
      {
        conversation: 'choir',
        intervals: [
          { from: 2, to: 3 },
          { from: 7, to: 0 },
        ],
      },
    ];
    expect(await finds(index, 'secret', { scopes, limit: 24 })).toHaveLength(24);
    expect((await finds(index, 'secret', { scopes })).slice(-3)).toEqual(['choir 7', 'choir 3', 'choir 2']);
    expect(await finds(index, 'secret', { scopes: [] })).toEqual([]);
    expect(await finds(index, 'secret', { scopes: [everything('nowhere')] })).toEqual([]);
    await index.close();
  });

  test(`${name}: by person, by what it has, and by time`, async () => {
    const index = await opened([
      doc(1, 'look', { sender: 'theo' }),
      doc(2, 'look', { has: ['link'] }),
      doc(3, 'look', { has: ['file', 'image'] }),
    ]);
    expect(await finds(index, 'look', { sender: 'theo' })).toEqual(['choir 1']);
    expect(await finds(index, 'look', { sender: 'nobody' })).toEqual([]);
    expect(await finds(index, '', { has: 'link' })).toEqual(['choir 2']);
    expect(await finds(index, 'look', { has: 'image' })).toEqual(['choir 3']);
    expect(await finds(index, '', { from: FROM + 2_000, to: FROM + 3_000 })).toEqual(['choir 2']);
    await index.close();
  });

  test(`${name}: an edit finds by its words alone, and what is gone is not found`, async () => {
    const index = await opened([doc(1, 'violin'), doc(2, 'viola')]);
    await index.write('choir', 3, [doc(1, 'cello')], [2]);
    expect(await finds(index, 'viol')).toEqual([]);
    expect(await finds(index, 'cello')).toEqual(['choir 1']);
    await index.write('choir', 3, [doc(1, 'cello')], [2]);
    expect(await finds(index, 'cello')).toEqual(['choir 1']);
    await index.close();
  });

  test(`${name}: how far each is indexed only grows, until it is forgotten`, async () => {
    const index = await opened([doc(1, 'a note')]);
    await index.write('choir', 9, [], []);
    await index.write('choir', 4, [], []);
    expect(await index.reached(['garden', 'choir'])).toEqual([0, 9]);
    await index.forget('choir');
    expect(await index.reached(['choir'])).toEqual([0]);
    expect(await finds(index, 'note')).toEqual([]);
    await index.write('choir', 1, [doc(1, 'a note')], []);
    await index.clear();
    expect(await index.reached(['choir'])).toEqual([0]);
    expect(await finds(index, 'note')).toEqual([]);
    await index.close();
  });

  test(`${name}: many conversations at once`, async () => {
    const index = await open();
    const ids = Array.from({ length: 300 }, (_, i) => `c${i}`);
    for (const [i, id] of ids.entries()) await index.write(id, 1, [doc(1, 'harvest', { at: FROM + i })], []);
    const all = await finds(index, 'rves', { scopes: ids.map(everything), limit: 400 });
    expect([all.length, all[0], all.at(-1)]).toEqual([300, 'c299 1', 'c0 1']);
    await index.close();
  });
}
