import { memo } from 'react';
import { Button } from 'react-aria-components';
import type { ConversationView, PendingMessage } from '../../client/views.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { copy } from '../parts/copy.ts';
import { hueOf, nameOf } from '../text/people.ts';
import { sentenceOf, t } from '../text/text.ts';
import { timeOfDay } from '../text/time.ts';
import { Body } from './body.tsx';
import type { Row } from './rows.ts';
import { TickIcon, tickFor, tickText } from './ticks.tsx';

interface Props {
  readonly view: ConversationView;
  readonly entry: MessageEntry;
  readonly row: Row;
  /** It was looked for, and is shown now. */
  readonly found: boolean;
  onReceipts(entry: MessageEntry): void;
}

export const Message = memo(function Message({ view, entry, row, found, onReceipts }: Props) {
  const inGroup = view.kind === 'group' && !row.own;
  const meta =
    row.own && view.kind !== 'self' ? (
      <Receipt view={view} entry={entry} onPress={() => onReceipts(entry)} />
    ) : (
      <span className="meta">{timeOfDay(entry.at)}</span>
    );
  return (
    <article
      className="message"
      data-own={row.own || undefined}
      data-first={row.first}
      data-last={row.last}
      data-found={found || undefined}
    >
      {inGroup && <span className="gutter">{row.last && <PersonAvatar user={entry.sender} size="run" />}</span>}
      <div className="bubble">
        <Sender user={entry.sender} shown={inGroup && row.first} />
        <Body text={entry.body?.text ?? ''} meta={meta} />
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

/** Own, without a number: it stands below everything that has one. */
export const Pending = memo(function Pending({ pending, row }: { pending: PendingMessage; row: Row }) {
  const messenger = useMessenger();
  const online = useView(() => messenger.status().state === 'online');
  const refused = pending.state === 'refused';
  const words = refused ? t('notSent') : online ? t('sending') : t('waiting');
  const meta = (
    <span className="meta">
      {timeOfDay(pending.at)}
      <span className="waiting" role="img" aria-label={words} title={words}>
        <TickIcon tick={refused ? 'refused' : 'waiting'} />
      </span>
    </span>
  );
  return (
    <article className="message" data-own data-first={row.first} data-last={row.last}>
      <div className="bubble" data-refused={refused || undefined}>
        <Sender user={messenger.user} shown={false} />
        <Body text={pending.text} meta={meta} />
      </div>
      {refused && <Refused pending={pending} />}
    </article>
  );
});

function Refused({ pending: { key, text, code } }: { pending: PendingMessage }) {
  const messenger = useMessenger();
  return (
    <p className="refused" role="alert">
      {t('refused', { why: sentenceOf(code ?? 'internal') })}{' '}
      <Button className="text-button" onPress={() => void messenger.retry(key)}>
        {t('retry')}
      </Button>
      <Button className="text-button" onPress={() => void messenger.discard(key)}>
        {t('delete')}
      </Button>
      <Button className="text-button" onPress={() => void copy(text)}>
        {t('copyText')}
      </Button>
    </p>
  );
}
