/** Bugs in what a block forbids. */
import type { Mutant } from './mutant.ts';

export const BLOCKING_MUTANTS: readonly Mutant[] = [
  {
    name: 'a block holds one way',
    file: 'src/server/blocks.ts',
    find: '(await Promise.all([blocks(store, user, other), blocks(store, other, user)])).includes(true)',
    replace: 'blocks(store, user, other)',
  },
  {
    name: 'whoever is blocked writes',
    file: 'src/server/hindrance.ts',
    find: '!mayDespiteBlock(draft) && (await this.#isBlocked(user, state))',
    replace: 'mayDespiteBlock(draft) && (await this.#isBlocked(user, state))',
  },
  {
    name: 'a block answered before it is in force',
    file: 'src/server/settings.ts',
    find: `value });
    await this.#feeds.project(user);
    return { seq };
  }

  /** Only what`,
    replace: `value });
    return { seq };
  }

  /** Only what`,
  },
  {
    name: 'presence is told despite a block',
    file: 'src/server/presence.ts',
    find: 'if (await isBlockBetween(this.#ports.store, user, by)) return false;',
    replace: '',
  },
  {
    name: 'what the blocked say counts as unread',
    file: 'src/core/unread.ts',
    find: ' || blocked?.has(entry.sender)) return false;',
    replace: ' || blocked?.has(user)) return false;',
  },
];
