import type { Messenger } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import { nameOf } from './people.ts';
import { t } from './text.ts';

/** Who is typing, '' for nobody. */
export function typingText(messenger: Messenger, { kind, typing }: ConversationView): string {
  const [first] = typing;
  if (first === undefined) return '';
  if (kind !== 'group') return t('typing');
  return typing.length === 1
    ? t('typingOne', { name: nameOf(messenger, first) })
    : t('typingSome', { n: typing.length });
}
