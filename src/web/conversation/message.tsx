import { memo, type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { PendingMessage } from '../../client/views.ts';
import type { ConversationKind, MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { copy } from '../parts/copy.ts';
import { hueOf, nameOf, whoIs } from '../text/people.ts';
import { sentenceOf, t } from '../text/text.ts';
import { timeOfDay } from '../text/time.ts';
import { Body } from './body.tsx';
import { HoverBar } from './hover-bar.tsx';
import { Quote } from './quote.tsx';
import type { Row } from './rows.ts';
import { reachOf, TickIcon, tickFor, tickText } from './ticks.tsx';

interface Props {
  readonly conversation: string;
  readonly kind: ConversationKind;
  /** One may still write here. */
  readonly member: boolean;
  readonly entry: MessageEntry;
  readonly row: Row;
  /** It was looked for, and is shown now. */
  readonly found: boolean;
}

export const Message = memo(function Message({ conversation, kind, member, entry, row, found }: Props) {
  const inGroup = kind === 'group' && !row.own;
  const meta =
    row.own && kind !== 'self' ? (
      <Receipt conversation={conversation} entry={entry} />
    ) : (
      <span className="meta">{timeOfDay(entry.at)}</span>
    );
  return (
    <Frame
      row={row}
      found={found}
      canReply={member}
      before={inGroup && <span className="gutter">{row.last && <PersonAvatar user={entry.sender} size="run" />}</span>}
    >
      <Sender user={entry.sender} shown={inGroup && row.first} />
      {entry.ref !== undefined && <Quote conversation={conversation} seq={entry.ref} />}
      <Body text={entry.body?.text ?? ''} mentions={entry.mentions} meta={meta} />
    </Frame>
  );
});

interface FrameProps {
  readonly row: Row;
  readonly found?: boolean;
  readonly refused?: boolean;
  readonly canReply: boolean;
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  /** In the bubble. */
  readonly children: ReactNode;
}

/** Takes the focus when it is asked to, and shows what one may do with it while mouse or focus are on it. */
function Frame({ row, found, refused, canReply, before, after, children }: FrameProps) {
  const [held, setHeld] = useState(false);
  return (
    <article
      className="message"
      tabIndex={-1}
      data-key={row.key}
      data-own={row.own || undefined}
      data-first={row.first}
      data-last={row.last}
      data-found={found || undefined}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={({ target }) => target.matches(':focus-visible') && setHeld(true)}
      onBlur={({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || setHeld(false)}
    >
      {before}
      <div className="bubble" data-refused={refused || undefined}>
        {children}
        {held && <HoverBar canReply={canReply} />}
      </div>
      {after}
    </article>
  );
}

/** Where it is not shown it is still said, so that a message never stands without its sender. */
function Sender({ user, shown }: { user: string; shown: boolean }) {
  const name = useView((messenger) => whoIs(messenger, user));
  return (
    <p className={shown ? 'sender one-line' : 'unseen'} data-hue={hueOf(user)} dir="auto">
      {name}
    </p>
  );
}

function Receipt({ conversation, entry: { seq, at } }: { conversation: string; entry: MessageEntry }) {
  const messenger = useMessenger();
  const view = messenger.conversation(conversation)!;
  // Only what changes these changes the words; making them for every message that is shown takes its time.
  useView(() => reachOf(messenger, messenger.conversation(conversation)!, seq));
  useView(() => view.peer !== null && nameOf(messenger, view.peer));
  const words = tickText(messenger, view, seq, at);
  return (
    <button
      type="button"
      className="meta"
      data-do="info"
      aria-label={t('receiptsOf', { words, time: timeOfDay(at) })}
      title={words}
    >
      {timeOfDay(at)}
      <TickIcon tick={tickFor(messenger, view, seq)} />
    </button>
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
    <Frame row={row} refused={refused} canReply={false} after={refused && <Refused pending={pending} />}>
      <Sender user={messenger.user} shown={false} />
      {pending.ref !== null && <Quote conversation={pending.conversation} seq={pending.ref} />}
      <Body text={pending.text} mentions={pending.mentions} meta={meta} />
    </Frame>
  );
});

function Refused({ pending: { conversation, key, text, code } }: { pending: PendingMessage }) {
  const messenger = useMessenger();
  const member = useView(() => messenger.conversation(conversation)?.member === true);
  return (
    <p className="refused" role="alert">
      {t('refused', { why: sentenceOf(code ?? 'internal') })}{' '}
      {member && (
        <Button className="text-button" onPress={() => void messenger.retry(key)}>
          {t('retry')}
        </Button>
      )}
      <Button className="text-button" onPress={() => void messenger.discard(key)}>
        {t('delete')}
      </Button>
      <Button className="text-button" onPress={() => void copy(text)}>
        {t('copyText')}
      </Button>
    </p>
  );
}
