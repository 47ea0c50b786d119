/** The bugs that the simulator must find. */
import type { Mutant } from './mutant.ts';
import { BLOCKING_MUTANTS } from './planted-blocking.ts';
import { KEEPING_MUTANTS } from './planted-keeping.ts';
import { UNREAD_MUTANTS } from './planted-unread.ts';
import { UPLOADING_MUTANTS } from './planted-uploading.ts';

const LANE = 'src/server/lane.ts';
const APPEND = 'const outcome = await this.#ports.store.append(`c/${before.id}`, before.head, rows);';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'ack before commit',
    file: LANE,
    find: APPEND,
    replace: `for (const { waiting, entry } of planned) waiting.settle({ key: entry.key, seq: entry.seq, at: entry.at });\n${APPEND}`,
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
    find: 'const found = await this.#answer(waiting, batch.before.head);',
    replace:
      'const again = waiting as { seen?: boolean };\nconst found = again.seen ? null : await this.#answer(waiting, batch.before.head);\nagain.seen = true;',
  },
  {
    name: 'authorise before dedupe',
    file: LANE,
    find: 'if (found) return found;',
    replace:
      'const early = this.#refusal(waiting, batch.before, null);\nif (early && waiting.cameAt < this.#learnt) return { key, code: early.code };\nif (found) return found;',
  },
  {
    name: 'refuse from cache',
    file: LANE,
    find: 'if (batch.planned.length === 0 && hasLooked) {',
    replace: 'if (hasLooked || !hasLooked) {',
  },
  {
    name: 'keys in flight not counted as found',
    file: LANE,
    find: 'if (batch.names.has(nameOf(actor.user, key))) return',
    replace: 'if (batch.names.size < 0) return',
  },
  {
    name: 'a group authorised against one state',
    file: LANE,
    find: 'this.#refusal(waiting, batch.state, target) ??',
    replace: 'this.#refusal(waiting, batch.before, target) ??',
    from: 54,
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
    from: 29,
  },
  {
    name: 'written before it is synced',
    file: 'src/store/group-commit.ts',
    find: 'await this.#keyvalue.batch(operations);',
    replace: 'for (const { done } of changes) done();\nawait this.#keyvalue.batch(operations);',
  },
  {
    name: 'a commit in two parts',
    file: 'src/store/group-commit.ts',
    find: 'await this.#keyvalue.batch(operations);',
    replace:
      'const half = operations.length - 1;\nawait this.#keyvalue.batch(operations.slice(0, half));\nawait this.#keyvalue.batch(operations.slice(half));',
  },
  {
    name: 'obligation discharged past its seq',
    file: 'src/store/adapter.ts',
    find: 'if (head.pending > seq) return;',
    replace: '',
  },
  {
    name: 'register lowered',
    file: 'src/store/adapter.ts',
    find: 'if (old && old.stamp >= stamp) continue;',
    replace: '',
  },
  {
    name: 'a reused key taken for a repetition',
    file: LANE,
    find: 'const same = known.fingerprint === null || known.fingerprint === fingerprintOf(draft);',
    replace: 'const same = true as boolean;',
  },
  {
    name: 'feeds before projections',
    file: 'src/server/fanout.ts',
    find: 'await this.#project(state, task);\n      await this.#point(state, since);',
    replace: 'await this.#point(state, since);\n      await this.#project(state, task);',
    from: 41,
  },
  {
    name: 'projected before the memberships',
    file: 'src/server/load.ts',
    find: 'const registers: KeyedRegister[] = [];',
    replace:
      "await store.raise(`progress/${state.id}`, [{ key: 'projected', stamp: state.head, value: '' }]);\nconst registers: KeyedRegister[] = [];",
  },
  {
    name: 'whoever was removed is not told',
    file: 'src/server/fanout.ts',
    find: 'return this.#feeds.add(user, left);',
    replace: 'return left;',
  },
  {
    name: 'nobody sweeps',
    file: 'src/server/fanout.ts',
    find: 'await this.#sweep();',
    replace: 'if (this.#stopped) await this.#sweep();',
  },
  {
    name: 'pointers dropped when another server was first',
    file: 'src/server/feeds.ts',
    find: 'restore(lane.owed, batch);\n          continue;',
    replace: 'for (const { done } of batch) for (const settle of done) settle(outcome.last);\n          continue;',
  },
  {
    name: 'a position below the floor is served',
    file: 'src/server/feeds.ts',
    find: 'if (floor > position.seq) return',
    replace: 'if (floor < 0) return',
  },
  {
    name: 'settings trimmed before they are kept',
    file: 'src/server/feeds.ts',
    find: 'await this.project(user);\n    await this.#ports.store.trim',
    replace: 'await this.#ports.store.trim',
  },
  {
    name: 'position of a snapshot taken after its list',
    file: 'src/server/pages.ts',
    find: '      feedHead,\n      conversations: summaries',
    replace: '      feedHead: await this.#feeds.head(session.user),\n      conversations: summaries',
  },
  {
    name: 'history not cut to the membership',
    file: 'src/server/pages.ts',
    find: '.filter((row) => maySee(state, session.user, row.seq))',
    replace: '',
    from: 44,
  },
  {
    name: 'pushed to former members',
    file: 'src/server/hints.ts',
    find: 'if (membership.role === null || membership.stamp > above) continue;',
    replace: 'if (membership.role !== null && membership.stamp > above) continue;',
  },
  {
    name: 'own read mark from a cache',
    file: 'src/server/receipts.ts',
    find: 'store.getRegister(`marks/${conversation}`, `${user}/r`),',
    replace: 'Promise.resolve({ stamp: this.#heldById.get(conversation)?.marks.get(user)?.read ?? 0 }),',
  },
  {
    name: 'position written apart from its rows',
    file: 'src/client/replica.ts',
    find: "this.put('m/position', position);",
    replace: "void this.storage.write([{ kind: 'put', key: 'm/position', value: position }], this.#writer);",
  },
  {
    name: 'a hole taken for held',
    file: 'src/client/replica.ts',
    find: 'ranges: [],\n        marks',
    replace: 'ranges: [{ from: 1, to: fetched.head }],\n        marks',
  },
  {
    name: 'what was left while away is not looked for',
    file: 'src/client/sync.ts',
    find: 'await this.#meet(lost.map(([id]) => id));',
    replace: 'void lost;',
  },
  {
    name: 'differing watermarks not read again',
    file: 'src/client/shown.ts',
    find: 'for (const conversation of pong.stale) {',
    replace: 'for (const conversation of pong.stale.slice(pong.stale.length)) {',
  },
  {
    name: 'a mark that is not answered given up',
    file: 'src/client/marks.ts',
    find: "if (code !== 'offline' && !mayRetry(code)) return this.#settle(conversation);",
    replace: "if (code !== '') return this.#settle(conversation);",
  },
  {
    name: 'outbox emptied when it is sent',
    file: 'src/client/outbox.ts',
    find: 'slot.tried = true;',
    replace: "slot.tried = true;\n      this.#replica.stage({ kind: 'delete', key: storageKey(slot.item) });",
  },
  {
    name: 'an unanswered send taken for refused',
    file: 'src/client/outbox.ts',
    find: 'else if (mayRetry(result.code as ErrorCode)) {',
    replace: "else if (result.code === 'rate_limited') {",
  },
  {
    name: 'what one has left stays in the outbox',
    file: 'src/client/outbox.ts',
    find: 'held?.member === false ? Number.POSITIVE_INFINITY : (held?.summary.head ?? 0)',
    replace: 'held?.summary.head ?? 0',
  },
  {
    name: 'what is read as history is not reported as delivered',
    file: 'src/client/device.ts',
    find: 'void replica.flushed().then(() => this.#reading.delivered(id));',
    replace: '',
  },
  {
    name: 'a restored store folded into what was held',
    file: 'src/client/replica.ts',
    find: 'if (!held || held.distrusted || from',
    replace: 'if (!held || from',
  },
  {
    name: 'a newcomer to an open history joined at its beginning',
    file: 'src/core/conversation.ts',
    find: "return { role: 'member', stamp: seq, joined: seq, intervals };",
    replace: "return { role: 'member', stamp: seq, joined: state.history === 'all' ? 1 : seq, intervals };",
  },
  {
    name: 'one more message of a request',
    file: 'src/core/conversation.ts',
    find: "if (stageFor(state.request, user) === 'sent') return",
    replace: "if (state.request?.by === '') return",
  },
  {
    name: 'a request forgotten where it is kept',
    file: 'src/server/load.ts',
    find: 'if (request && request.stamp > since) {',
    replace: 'if (request && request.stamp < 0) {',
  },
  {
    name: 'what a stranger has read is told',
    file: 'src/server/receipts.ts',
    find: 'return user === viewer || !isUnanswered(request);',
    replace: 'return user === viewer || !isUnanswered(request) || request !== null;',
  },
  {
    name: 'a stranger who types is shown',
    file: 'src/server/hints.ts',
    find: 'viewer === user || isUnanswered(request) || around.has(viewer) ? null : frame,',
    replace: "viewer === user || (isUnanswered(request) && viewer === '') || around.has(viewer) ? null : frame,",
  },
  {
    name: 'whoever writes is told who is here',
    file: 'src/server/contacts.ts',
    find: 'if (request) return !isUnanswered(request);',
    replace: '',
  },
  {
    name: 'strangers are brought into groups',
    file: 'src/server/sends.ts',
    find: 'const actor = { ...session, strangers: await this.#contacts.strangersTo(session.user, users) };',
    replace: 'const actor = session;',
  },
  {
    name: 'an answer that is not folded in',
    file: 'src/core/request.ts',
    find: "if (stage === undefined || entry.kind === 'accepted') return undefined;",
    replace: 'if (stage === undefined) return undefined;',
  },
  {
    name: 'what is deleted served until it is scrubbed',
    file: 'src/server/annotator.ts',
    find: 'return done && isGone(done, now) ? { ...entry, body: null } : entry;',
    replace: 'return done ? entry : entry;',
  },
  {
    name: 'what is not fanned out yet forgotten beside a page',
    file: 'src/server/annotations.ts',
    find: 'return gathered([...annotations, ...remembered]);',
    replace: 'return gathered(annotations);',
    from: 115,
  },
  {
    name: 'projected before the annotations',
    file: 'src/server/fanout.ts',
    find: 'await raiseAnnotations(store, id, recent);\n      const deleted',
    replace: 'await this.#project(state, task);\n      await raiseAnnotations(store, id, recent);\n      const deleted',
  },
  {
    name: 'deleted words left in the store',
    file: 'src/server/annotations.ts',
    find: 'await store.scrub(id, seq);',
    replace: 'void seq;',
  },
  {
    name: 'words of an edit told to whoever may not see the message',
    file: 'src/server/hints.ts',
    find: 'if (edits.some(({ target }) => !maySee(state, user, target))) continue;',
    replace: 'void edits;',
    from: 47,
  },
  {
    name: 'pins forgotten where they are kept',
    file: 'src/server/load.ts',
    find: 'pins: pins ? (JSON.parse(pins.value) as number[]) : [],',
    replace: 'pins: [],',
  },
  {
    name: 'an older annotation in place of a newer one',
    file: 'src/core/annotations.ts',
    find: 'if ((held.reactions.get(annotation.by)?.seq ?? 0) >= annotation.seq) return held;',
    replace: 'if ((held.reactions.get(annotation.by)?.seq ?? 0) > 0) return held;',
  },
  {
    name: 'deleted words left on the device',
    file: 'src/client/annals.ts',
    find: 'if (entry) this.keep(conversation, entry);',
    replace: 'void entry;',
  },
  {
    name: 'an act on what is deleted already',
    file: 'src/core/acts.ts',
    find: "if (target.deleted || isExpired(target, now)) return refuse('message_deleted');",
    replace: '',
  },
  {
    name: 'what was done to messages forgotten at a restart',
    file: 'src/client/outbox.ts',
    find: 'for (const { value } of rows) this.#add(value as Item, true);',
    replace: 'for (const { value } of rows) if (!(value as Item).act) this.#add(value as Item, true);',
  },
  ...UNREAD_MUTANTS,
  ...BLOCKING_MUTANTS,
  ...UPLOADING_MUTANTS,
  ...KEEPING_MUTANTS,
];
