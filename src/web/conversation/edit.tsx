/** Changing what one has written: in the place of the composer, whose draft stays as it is. */
import { Check, Pencil, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useAppearance } from '../appearance.ts';
import { useEscape } from '../keys.ts';
import { useMessenger } from '../messenger.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useTouch } from '../parts/media.ts';
import { t } from '../text/text.ts';
import { wordsOf } from '../text/words.ts';
import { grow } from './grow.ts';
import { Proposals } from './proposals.tsx';
import { queued } from './told.ts';

interface Props {
  readonly conversation: string;
  readonly entry: MessageEntry;
  onClose(): void;
  /** Goes on up, to the message itself. */
  onUp(): void;
}

export function EditComposer({ conversation, entry, onClose, onUp }: Props) {
  const messenger = useMessenger();
  const touch = useTouch();
  const { enterSends } = useAppearance();
  const field = useRef<HTMLTextAreaElement>(null);
  const before = entry.body?.text ?? '';
  const [text, setText] = useState(before);
  useEscape(onClose, true);
  useLayoutEffect(() => grow(field.current, text), [text]);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.setSelectionRange(before.length, before.length);
  }, [before]);

  const save = () => {
    if (text.trim() === '') return;
    if (text.trim() !== before) queued(messenger.editMessage(conversation, entry.seq, text.trim()));
    onClose();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowUp' && text === before && !event.shiftKey) {
      event.preventDefault();
      return onUp();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    if (!(event.ctrlKey || event.metaKey) && (touch || !enterSends)) return;
    event.preventDefault();
    save();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <section className="reply-strip" aria-label={t('editing')}>
        <Pencil size={20} strokeWidth={1.75} aria-hidden="true" />
        <span className="reply-quoted">
          <span className="quote-name one-line">{t('editing')}</span>
          <span className="quote-text one-line" dir="auto">
            {wordsOf(entry.body ?? { text: '' })}
          </span>
        </span>
        <IconButton icon={X} label={t('noEdit')} onPress={onClose} />
      </section>
      <Proposals field={field} conversation={conversation} text={text} />
      <textarea
        ref={field}
        className="composer-field"
        rows={1}
        dir="auto"
        aria-label={t('editing')}
        value={text}
        enterKeyHint={touch || !enterSends ? 'enter' : 'done'}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={key}
      />
      <IconButton icon={Check} label={t('save')} type="submit" isDisabled={text.trim() === ''} />
    </form>
  );
}
