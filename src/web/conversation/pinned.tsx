/** The pinned messages of a conversation, one at a time: pressing goes to it, and on to the one before. */
import { Pin } from 'lucide-react';
import { useState } from 'react';
import type { ConversationView } from '../../client/views.ts';
import { t } from '../text/text.ts';
import { wordsOf } from '../text/words.ts';
import { useStored } from './stored.ts';

export function PinnedBar({ view, onShow }: { view: ConversationView; onShow(seq: number): void }) {
  const [at, setAt] = useState(0);
  const { pins } = view;
  // The newest first; one that was taken down leaves the place to the next.
  const place = at % Math.max(1, pins.length);
  const seq = pins[pins.length - 1 - place];
  if (seq === undefined) return null;
  return (
    <button
      type="button"
      className="pinned"
      onClick={() => {
        onShow(seq);
        setAt(place + 1);
      }}
    >
      <Pin size={20} strokeWidth={1.75} aria-hidden="true" />
      <span className="one-line" dir="auto">
        <span className="unseen">{t('pinnedMessage')}</span> <Words conversation={view.id} seq={seq} />
      </span>
      {pins.length > 1 && <small>{t('pinnedOf', { n: pins.length - place, all: pins.length })}</small>}
    </button>
  );
}

function Words({ conversation, seq }: { conversation: string; seq: number }) {
  const { entry } = useStored(conversation, seq);
  return entry?.body ? wordsOf(entry.body) : '';
}
