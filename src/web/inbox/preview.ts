/** The second line of a row of the inbox. */
import type { Messenger } from '../../client/index.ts';
import type { ConversationView, PendingMessage } from '../../client/views.ts';
import type { Entry } from '../../protocol/entities.ts';
import { settingKey } from '../../protocol/settings.ts';
import { erasedText } from '../text/lifetime.ts';
import { nameOf, whomOf } from '../text/people.ts';
import { joinedText, systemText } from '../text/system.ts';
import { t } from '../text/text.ts';
import { dayMonthOf } from '../text/time.ts';
import { typingText } from '../text/typing.ts';
import { wordsOf } from '../text/words.ts';

export interface Preview {
  readonly kind: 'typing' | 'draft' | 'text';
  readonly text: string;
}

/** `open`: the conversation is on screen, and what is being written there stands there. */
export function previewOf(messenger: Messenger, view: ConversationView, open: boolean): Preview {
  if (view.ended !== null) return { kind: 'text', text: t('chatEnded', { day: dayMonthOf(view.ended) }) };
  const typing = typingText(messenger, view);
  if (typing) return { kind: 'typing', text: typing };
  if (!open && view.draft.trim() !== '') return { kind: 'draft', text: t('draft', { text: view.draft.trim() }) };
  if (view.lastPending) return { kind: 'text', text: t('you', { text: pendingWords(view.lastPending) }) };
  return { kind: 'text', text: view.last ? lineOf(messenger, view, view.last) : beginning(messenger, view) };
}

function beginning(messenger: Messenger, { id, head, invitedBy, peer }: ConversationView): string {
  if (invitedBy !== null && peer !== null) return joinedText(messenger, invitedBy, peer);
  // Until the one before it has come, and for good where there is none.
  return messenger.setting(settingKey.hide(id, head)) === '1' ? t('deletedForYou') : t('noMessages');
}

function pendingWords({ text, files, uploads }: PendingMessage): string {
  return wordsOf({ text, files: [...files, ...uploads] });
}

function lineOf(messenger: Messenger, view: ConversationView, entry: Entry): string {
  if (entry.kind !== 'message') return systemText(messenger, entry);
  if (view.kind === 'group' && messenger.blocked().has(entry.sender)) return t('folded');
  const by = view.lastDeletedBy;
  if (entry.body === null && by) return t('deletedBy', { who: whomOf(messenger, by) });
  const text = entry.body ? wordsOf(entry.body) : erasedText(entry);
  if (view.kind === 'self') return text;
  if (entry.sender === messenger.user) return t('you', { text });
  return view.kind === 'group' ? t('by', { name: nameOf(messenger, entry.sender), text }) : text;
}
