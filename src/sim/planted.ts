/** The bugs that the simulator must find, each a change of one place. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

const LANE = 'src/server/lane.ts';
const APPEND = 'const outcome = await this.#ports.store.append(`c/${before.id}`, before.head, rows);';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'ack before commit',
    file: LANE,
    find: APPEND,
    replace: `for (const { waiting, entry } of appended) settle(waiting, { key: entry.key, seq: entry.seq, at: entry.at });\n${APPEND}`,
  },
  {
    name: 'dedupe only in memory',
    file: LANE,
    find: 'const seq = await this.#ports.store.findKey(this.state.id, actor.user, draft.key, base, to);',
    replace: 'const seq = null as number | null;',
  },
  {
    name: 'dedupe only on the first attempt',
    file: LANE,
    find: 'const known = names.has(name) ? null : await this.#find(waiting, before.head);',
    replace:
      'const again = waiting as { seen?: boolean };\nconst known = again.seen ? null : await this.#find(waiting, before.head);\nagain.seen = true;',
  },
  {
    name: 'authorise before dedupe',
    file: LANE,
    find: "if (known === 'not up to') {",
    replace:
      "const early = isFounding(draft) ? null : check(before, actor, draft, this.#ports.limits);\nif (early && waiting.cameAt < this.#learnt) {\n  settle(waiting, { key: draft.key, code: early.code });\n  continue;\n}\nif (known === 'not up to') {",
  },
  {
    name: 'refuse from cache',
    file: LANE,
    find: 'if (waiting.cameAt < this.#learnt && appended.length === 0) {',
    replace: 'if (appended.length >= 0) {',
  },
  {
    name: 'keys in flight not counted as found',
    file: LANE,
    find: 'if (names.has(name)) {',
    replace: 'if (names.size < 0) {',
  },
  {
    name: 'a group authorised against one state',
    file: LANE,
    find: ': check(state, actor, draft, this.#ports.limits);',
    replace: ': check(before, actor, draft, this.#ports.limits);',
  },
  {
    name: 'sequence allocated apart from the append',
    file: LANE,
    find: APPEND,
    replace:
      'const log = `c/${before.id}` as const;\nconst outcome = await this.#ports.store.append(log, await this.#ports.store.head(log), rows);',
  },
  {
    name: 'fan-out without obligation',
    file: 'src/store/adapter.ts',
    find: "if (log.startsWith('c/')) {",
    replace: "if (log.startsWith('none')) {",
  },
  {
    name: 'watermark raised before the feeds',
    file: 'src/server/fanout.ts',
    find: 'await this.#point(state, since);',
    replace:
      "await store.raise(`progress/${id}`, [{ key: 'fanned', stamp: upTo, value: '' }]);\nawait this.#point(state, since);",
  },
  {
    name: 'feed without compare-and-append',
    file: 'src/server/feeds.ts',
    find: 'const outcome = await this.#ports.store.append(`f/${user}`, lane.head, rows);',
    replace:
      'const outcome = await this.#ports.store.append(`f/${user}`, await this.#ports.store.head(`f/${user}`), rows);',
  },
  {
    name: 'position advanced before the rows are stored',
    file: 'src/client/sync.ts',
    find: 'await this.#fetchFor(page.entries);\n    this.#apply(page);',
    replace: 'this.#apply(page);\n    await this.#fetchFor(page.entries);',
  },
  {
    name: 'no gap repair',
    file: 'src/client/sync.ts',
    find: 'if (first > held.summary.head + 1) this.reachLog(conversation, last);',
    replace:
      'if (first > held.summary.head + 1) this.#replica.applySlice({ conversation, from: held.summary.head + 1, to: last, entries, head: last });',
  },
  {
    name: 'membership checked against a stale state',
    file: 'src/server/conversations.ts',
    find: 'if (!lane.loaded || lane.freshAt < this.#ports.clock.monotonic() - FRESH_MS) await lane.learn();',
    replace: 'if (!lane.loaded) await lane.learn();',
  },
];
