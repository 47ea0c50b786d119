/** Bugs in how long things stay. */
import type { Mutant } from './mutant.ts';

export const KEEPING_MUTANTS: readonly Mutant[] = [
  {
    name: 'a timer forgotten where it is kept',
    file: 'src/server/load.ts',
    find: "keeping: lifetime ? { ...(JSON.parse(lifetime.value) as Omit<Keeping, 'stamp'>), stamp: lifetime.stamp } : KEPT,",
    replace: 'keeping: lifetime ? KEPT : KEPT,',
  },
  {
    name: 'expired words served until they are erased',
    file: 'src/server/entries.ts',
    find: 'return withoutExpired(JSON.parse(wireOf(row)) as Entry, now);',
    replace: 'return withoutExpired(JSON.parse(wireOf(row)) as Entry, now - now);',
  },
  {
    name: 'read, and its time does not begin',
    file: 'src/server/receipts.ts',
    find: 'await startTimers(this.#ports, this.#conversations, session, state, ownRead, wanted.read);',
    replace: 'void startTimers;',
  },
  {
    name: 'what was read and has gone is served',
    file: 'src/server/annotations.ts',
    find: 'return deleted !== null || (started !== null && isExpired(started, now));',
    replace: 'return deleted !== null || (started !== null && isExpired(started, now - now));',
  },
  {
    name: 'what is over goes on',
    file: 'src/core/conversation.ts',
    find: "if (endOf(state.keeping, now) !== null) return refuse('conversation_ended');",
    replace: "if (state.keeping.ended !== null) return refuse('conversation_ended');",
  },
  {
    name: 'what is over is told of',
    file: 'src/server/pages.ts',
    find: "isOver ? entries.filter(({ kind }) => kind === 'ended') : entries",
    replace: "isOver ? entries.filter(({ kind }) => kind !== 'ended') : entries",
  },
  {
    name: 'an end that could not be stored is not tried again',
    file: 'src/server/erasure.ts',
    find: 'return !mustEnd(state, this.#ports.clock.now());',
    replace: 'return true;',
    from: 225,
  },
  {
    name: 'expired words left on the device',
    file: 'src/client/annals.ts',
    find: 'this.#erase(name);\n      expired.set(',
    replace: 'expired.set(',
  },
  {
    name: 'what has ended left on the device',
    file: 'src/client/expiry.ts',
    find: 'void this.#replica.annals.empty(id);',
    replace: '',
  },
  {
    name: 'what moves an end is not held',
    file: 'src/client/held.ts',
    find: "&& !(kind === 'lifetime' && seq === head + 1);",
    replace: '&& head > -1 && seq > -1;',
    from: 13,
  },
];
