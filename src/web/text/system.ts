/** What happened in a group, as a line. */
import type { Messenger } from '../../client/index.ts';
import type { Entry, MessageEntry } from '../../protocol/entities.ts';
import { keepingLine } from './lifetime.ts';
import { listed } from './list.ts';
import { nameOf, whoIs } from './people.ts';
import { t } from './text.ts';

/** Who has joined the server by whose invitation, as one of both is told. */
export function joinedText(messenger: Messenger, by: string, joined: string): string {
  const mine = by === messenger.user;
  return t('sysJoined', { name: nameOf(messenger, mine ? joined : by), mine: String(mine) });
}

const otherOf = ({ sender, members }: Extract<Entry, { kind: 'created' }>) =>
  members.find(({ user }) => user !== sender)?.user ?? sender;

export function systemText(messenger: Messenger, entry: Exclude<Entry, MessageEntry>): string {
  const who = whoIs(messenger, entry.sender);
  const name = (user: string) => (user === messenger.user ? t('itsYouToo') : nameOf(messenger, user));
  switch (entry.kind) {
    case 'created':
      if (entry.conversation === 'group') return t('sysCreated', { who, title: entry.title });
      return entry.invitation ? joinedText(messenger, entry.sender, otherOf(entry)) : t('sysStarted');
    case 'added':
      return t('sysAdded', { who, whom: listed(entry.users.map(name)) });
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
    case 'pictured':
      return t('sysPictured', { who, none: String(entry.picture === null) });
    case 'pinned':
      return t(entry.pinned ? 'sysPinned' : 'sysUnpinned', { who });
    case 'lifetime':
      return keepingLine(who, entry.lifetime, Date.now());
    // Shown at the messages that they are about.
    case 'edited':
    case 'deleted':
    case 'reacted':
    case 'started':
    // The line in place of the composer says it.
    case 'ended':
      return '';
  }
}
