/** The message that is answered, as a strip above the composer and at the head of a bubble. */
import { Reply, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Messenger } from '../../client/index.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useEscape } from '../keys.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { erasedText } from '../text/lifetime.ts';
import { hueOf, whoIs } from '../text/people.ts';
import { t } from '../text/text.ts';
import './quote.css';

type Found = MessageEntry | null;
const held = new WeakMap<Messenger, Map<string, Promise<Found>>>();
const HELD_MAX = 500;

/** From this device, else from the server; null for what one may not see. Asked once. */
function find(messenger: Messenger, conversation: string, seq: number): Promise<Found> {
  const known = held.get(messenger) ?? new Map<string, Promise<Found>>();
  held.set(messenger, known);
  const name = `${conversation}/${seq}`;
  const before = known.get(name);
  if (before) return before;
  if (known.size >= HELD_MAX) known.clear();
  const finding = look(messenger, conversation, seq);
  known.set(name, finding);
  // What was not to be had is asked for again, when it is shown again.
  void finding.then((found) => found ?? known.delete(name));
  return finding;
}

async function look(messenger: Messenger, conversation: string, seq: number): Promise<Found> {
  const window = messenger.timeline(conversation, { around: seq, page: 1 });
  const read = () => {
    const { items, loading } = window.view();
    const found = items.find((item) => item.kind === 'entry' && item.entry.seq === seq);
    if (found?.kind === 'entry') return found.entry.kind === 'message' ? found.entry : null;
    return loading === 'none' ? null : undefined;
  };
  const entry = await new Promise<Found>((resolve) => {
    const tell = () => {
      const found = read();
      if (found !== undefined) resolve(found);
    };
    window.subscribe(tell);
    tell();
  });
  window.close();
  return entry;
}

interface Props {
  readonly conversation: string;
  readonly seq: number;
}

function useQuoted({ conversation, seq }: Props): { entry: Found; asked: boolean } {
  const messenger = useMessenger();
  const [found, setFound] = useState<{ entry: Found; asked: boolean }>({ entry: null, asked: false });
  useEffect(() => {
    let gone = false;
    void find(messenger, conversation, seq).then((entry) => gone || setFound({ entry, asked: true }));
    return () => {
      gone = true;
    };
  }, [messenger, conversation, seq]);
  return found;
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

function Quoted(props: Props) {
  const { entry, asked } = useQuoted(props);
  const name = useView((messenger) => (entry ? whoIs(messenger, entry.sender) : ''));
  return (
    <>
      <span className="quote-name one-line" dir="auto" data-hue={entry ? hueOf(entry.sender) : undefined}>
        {name}
      </span>
      <span className="quote-text one-line" dir="auto">
        {entry ? (entry.body?.text ?? erasedText(entry)) : asked ? t('quoteMissing') : ''}
      </span>
    </>
  );
}
