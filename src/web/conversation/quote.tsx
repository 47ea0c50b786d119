/** The message that is answered, as a strip above the composer and at the head of a bubble. */
import { Reply, X } from 'lucide-react';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useEscape } from '../keys.ts';
import { useView } from '../messenger.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { erasedText } from '../text/lifetime.ts';
import { hueOf, whoIs } from '../text/people.ts';
import { t } from '../text/text.ts';
import { wordsOf } from '../text/words.ts';
import { useStored } from './stored.ts';
import './quote.css';

interface Props {
  readonly conversation: string;
  readonly seq: number;
}

/** Its height is the same before the message is found: nothing moves. */
export function Quote({ conversation, seq }: Props) {
  return (
    <button type="button" className="quote" data-do="quote" data-seq={seq}>
      <span className="unseen">{t('replying')}</span>
      <Quoted conversation={conversation} seq={seq} />
    </button>
  );
}

export function ReplyStrip({ conversation, seq, onClose }: Props & { onClose(): void }) {
  useEscape(onClose, true);
  return (
    <section className="reply-strip" aria-label={t('replying')}>
      <Reply size={20} strokeWidth={1.75} aria-hidden="true" />
      <span className="reply-quoted">
        <Quoted conversation={conversation} seq={seq} />
      </span>
      <IconButton icon={X} label={t('noReply')} onPress={onClose} />
    </section>
  );
}

function Quoted({ conversation, seq }: Props) {
  const { entry, asked } = useStored(conversation, seq);
  const folded = useView((messenger) => {
    const inGroup = messenger.conversation(conversation)?.kind === 'group';
    return inGroup && entry !== null && messenger.blocked().has(entry.sender);
  });
  const name = useView((messenger) => (entry ? whoIs(messenger, entry.sender) : ''));
  return (
    <>
      <span className="quote-name one-line" dir="auto" data-hue={entry ? hueOf(entry.sender) : undefined}>
        {name}
      </span>
      <span className="quote-text one-line" dir="auto">
        {folded ? t('folded') : entry ? textOf(entry) : asked ? t('quoteMissing') : ''}
      </span>
    </>
  );
}

function textOf(entry: MessageEntry): string {
  return entry.body ? wordsOf(entry.body) : erasedText(entry);
}
