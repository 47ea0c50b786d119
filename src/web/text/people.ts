/** Names, initials and hues of people and conversations. */
import type { Messenger } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import { t } from './text.ts';

/** At most two letters: of the first and the last word. */
export function initials(name: string): string {
  const words = name.split(/[\s.,_-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letter = (word: string | undefined) => word?.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? '';
  const first = letter(words[0]);
  const last = words.length > 1 ? letter(words.at(-1)) : '';
  return (first + last).toLocaleUpperCase();
}

/** One of twelve, the same for an id everywhere. */
export function hueOf(id: string): number {
  let hash = 7;
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) >>> 0;
  return hash % 12;
}

export function nameOf(messenger: Messenger, user: string): string {
  const profile = messenger.profile(user);
  return profile ? profile.displayName || profile.name : t('someone');
}

/** With "You" for oneself. */
export function whoIs(messenger: Messenger, user: string): string {
  return user === messenger.user ? t('itsYou') : nameOf(messenger, user);
}

export function titleOf(messenger: Messenger, view: ConversationView): string {
  if (view.kind === 'self') return t('savedMessages');
  if (view.kind === 'group') return view.title;
  return view.peer === null ? t('someone') : nameOf(messenger, view.peer);
}

/** 1000 stands for more than 999. */
export function countText(n: number): string {
  return n > 999 ? '999+' : String(n);
}

/** A person within a sentence. */
export function whomOf(messenger: Messenger, user: string): string {
  return user === messenger.user ? t('itsYouToo') : nameOf(messenger, user);
}
