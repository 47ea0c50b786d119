import { memo } from 'react';
import { Button } from 'react-aria-components';
import type { ConversationView, PendingMessage } from '../../client/views.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { hueOf, nameOf } from '../text/people.ts';
import { sentenceOf, t } from '../text/text.ts';
import { timeOfDay } from '../text/time.ts';
import { piecesOf } from './links.ts';
import type { Row } from './rows.ts';
import { TickIcon, tickFor, tickText } from './ticks.tsx';

interface Props {
  readonly view: ConversationView;
  readonly entry: MessageEntry;
  readonly row: Row;
  onReceipts(entry: MessageEntry): void;
}

export const Message = memo(function Message({ view, entry, row, onReceipts }: Props) {
  const inGroup = view.kind === 'group' && !row.own;
  return (
    <article className="message" data-own={row.own || undefined} data-first={row.first} data-last={row.last}>
      {inGroup && <span className="gutter">{row.last && <PersonAvatar user={entry.sender} size="run" />}</span>}
      <div className="bubble">
        <Sender user={entry.sender} shown={inGroup && row.first} />
        <p className="text" dir="auto">
          <Linked text={entry.body?.text ?? ''} />
          {row.own && view.kind !== 'self' ? (
            <Receipt view={view} entry={entry} onPress={() => onReceipts(entry)} />
          ) : (
            <span className="meta">{timeOfDay(entry.at)}</span>
          )}
        </p>
      </div>
    </article>
  );
});

/** Where it is not shown it is still said, so that a message never stands without its sender. */
function Sender({ user, shown }: { user: string; shown: boolean }) {
  const name = useView((messenger) => (user === messenger.user ? t('itsYou') : nameOf(messenger, user)));
  return (
    <p className={shown ? 'sender one-line' : 'unseen'} data-hue={hueOf(user)} dir="auto">
      {name}
    </p>
  );
}

interface ReceiptProps {
  readonly view: ConversationView;
  readonly entry: MessageEntry;
  onPress(): void;
}

function Receipt({ view, entry, onPress }: ReceiptProps) {
  const tick = useView((messenger) => tickFor(messenger, view, entry.seq));
  const words = useView((messenger) => tickText(messenger, view, entry.seq, entry.at));
  return (
    <Button className="meta" aria-label={t('receiptsOf', { words, time: timeOfDay(entry.at) })} onPress={onPress}>
      {timeOfDay(entry.at)}
      <TickIcon tick={tick} />
    </Button>
  );
}

export function Linked({ text }: { text: string }) {
  return piecesOf(text).map(({ text, href }, i) =>
    href === null ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
      <a key={i} href={href} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    ),
  );
}

/** Own, without a number: it stands below everything that has one. */
export const Pending = memo(function Pending({ pending, row }: { pending: PendingMessage; row: Row }) {
  const messenger = useMessenger();
  const online = useView(() => messenger.status().state === 'online');
  const refused = pending.state === 'refused';
  const words = refused ? '' : online ? t('sending') : t('waiting');
  return (
    <article className="message" data-own data-first={row.first} data-last={row.last}>
      <div className="bubble" data-refused={refused || undefined}>
        <Sender user={messenger.user} shown={false} />
        <p className="text" dir="auto">
          <Linked text={pending.text} />
          <span className="meta">
            {timeOfDay(pending.at)}
            <span className="waiting" role="img" aria-label={words || t('notSent')}>
              <TickIcon tick={refused ? 'refused' : 'waiting'} />
            </span>
          </span>
        </p>
      </div>
      {refused && <Refused pending={pending} />}
    </article>
  );
});

function Refused({ pending }: { pending: PendingMessage }) {
  const messenger = useMessenger();
  const { conversation, text, ref, key, code } = pending;
  const again = async () => {
    await messenger.send(conversation, text, ref === null ? {} : { ref });
    await messenger.discard(key);
  };
  return (
    <p className="refused" role="alert">
      {t('refused', { why: sentenceOf(code ?? 'internal') })}
      <Button className="text-button" onPress={() => void again()}>
        {t('retry')}
      </Button>
      <Button className="text-button" onPress={() => void messenger.discard(key)}>
        {t('delete')}
      </Button>
    </p>
  );
}
