/** What happened in a group, as a line. */
import type { Messenger } from '../../client/index.ts';
import type { Entry, MessageEntry } from '../../protocol/entities.ts';
import { nameOf, whoIs } from './people.ts';
import { t } from './text.ts';

const list = new Intl.ListFormat('en', { type: 'conjunction' });

export function systemText(messenger: Messenger, entry: Exclude<Entry, MessageEntry>): string {
  const who = whoIs(messenger, entry.sender);
  const name = (user: string) => (user === messenger.user ? t('itsYouToo') : nameOf(messenger, user));
  switch (entry.kind) {
    case 'created':
      return entry.conversation === 'group' ? t('sysCreated', { who, title: entry.title }) : t('sysStarted');
    case 'added':
      return t('sysAdded', { who, whom: list.format(entry.users.map(name)) });
    case 'removed':
      return t('sysRemoved', { who, whom: name(entry.user) });
    case 'left':
      return t('sysLeft', { who });
    case 'accepted':
      return t('sysAccepted', { who });
    case 'role':
      return t('sysRole', { who, whom: name(entry.user), role: entry.role });
    case 'renamed':
      return t('sysRenamed', { who, title: entry.title });
    case 'pinned':
      return t(entry.pinned ? 'sysPinned' : 'sysUnpinned', { who });
    // Shown at the messages that they are about.
    case 'edited':
    case 'deleted':
    case 'reacted':
      return '';
  }
}
