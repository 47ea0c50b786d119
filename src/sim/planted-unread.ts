/** Bugs in what counts as unread. */
import type { Mutant } from './mutant.ts';

export const UNREAD_MUTANTS: readonly Mutant[] = [
  {
    name: 'own messages counted as unread',
    file: 'src/core/unread.ts',
    find: 'entry.sender === user || blocked',
    replace: "user === '' || blocked",
  },
  {
    name: 'what is deleted stays unread',
    file: 'src/client/replica.ts',
    find: "if (entry.kind === 'deleted' && entry.target > summary.read) doubt ??= 'unread';",
    replace: '',
  },
  {
    name: 'what is deleted for oneself stays unread',
    file: 'src/core/unread.ts',
    find: '&& !hidden?.has(entry.seq)',
    replace: '',
    from: 28,
  },
  {
    name: 'what is hidden elsewhere is not counted anew',
    file: 'src/client/held.ts',
    find: "seq > read ? { ...held, doubt: held.doubt ?? 'unread' } : held",
    replace: 'held',
    from: 28,
  },
  {
    name: 'the last mention taken for the first',
    file: 'src/core/unread.ts',
    find: 'count.firstMention ?? (mentions?.includes(user) ? seq : undefined)',
    replace: 'mentions?.includes(user) ? seq : count.firstMention',
    from: 44,
  },
  {
    name: 'called by what is read',
    file: 'src/client/held.ts',
    find: "doubt: held.doubt === 'all' ? 'all' : allRead ? null : 'unread',",
    replace: 'doubt: held.doubt,',
  },
];
