import { Timer } from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { PendingMessage } from '../../client/views.ts';
import { attachedTo } from '../../core/attached.ts';
import type { ConversationKind, MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { copy } from '../parts/copy.ts';
import { later } from '../parts/later.tsx';
import { useMinute } from '../parts/media.ts';
import { durationText, erasedText, restText } from '../text/lifetime.ts';
import { hueOf, nameOf, whoIs, whomOf } from '../text/people.ts';
import { sentenceOf, t } from '../text/text.ts';
import { timeOfDay } from '../text/time.ts';
import { Body } from './body.tsx';
import { Files } from './files.tsx';
import { HoverBar } from './hover-bar.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import type { Row } from './rows.ts';
import { reachOf, TickIcon, tickFor, tickText } from './ticks.tsx';

const Uploads = later(async () => (await import('./uploading.tsx')).Uploads);
const UploadRefused = later(async () => (await import('./uploading.tsx')).UploadRefused);

interface Props {
  readonly conversation: string;
  readonly kind: ConversationKind;
  /** One may still write here. */
  readonly member: boolean;
  /** Stored, or own without a number: that stands below everything that has one. */
  readonly of: MessageEntry | PendingMessage;
  readonly row: Row;
  /** It was looked for, and is shown now. */
  readonly found: boolean;
}

/** One element from the first moment on: what has the focus, or is hovered, does not lose it when it is stored. */
export const Message = memo(function Message({ conversation, kind, member, of, row, found }: Props) {
  const entry = 'seq' in of ? of : null;
  const pending = 'seq' in of ? null : of;
  const inGroup = entry !== null && kind === 'group' && !row.own;
  const refused = pending?.state === 'refused';
  const gone = entry !== null && entry.body === null;
  const ref = gone ? null : (of.ref ?? null);
  const files = entry ? attachedTo(entry) : pending!.files;
  const acts = row.item.kind === 'entry' ? row.item.acts : undefined;
  const forwarded = entry ? entry.body?.forwarded === true : pending!.forwarded;
  return (
    <Frame
      row={row}
      found={found}
      refused={refused}
      canReply={member && entry !== null && !gone}
      isStored={entry !== null && !gone}
      before={
        inGroup && (
          <span className="gutter" data-do="person">
            {row.last && <PersonAvatar user={entry.sender} size="run" />}
          </span>
        )
      }
      after={
        pending && refused ? (
          <Refused pending={pending} />
        ) : (
          acts && acts.reactions.length > 0 && <Reactions reactions={acts.reactions} />
        )
      }
    >
      <Sender user={entry ? entry.sender : null} shown={inGroup && row.first} />
      {ref !== null && <Quote conversation={conversation} seq={ref} />}
      {forwarded && <p className="forwarded">{t('forwarded')}</p>}
      {files.length > 0 && <Files conversation={conversation} files={files} stored={entry !== null} />}
      {pending && pending.uploads.length > 0 && <Uploads pending={pending} />}
      {gone ? (
        <Gone by={acts?.deletedBy ?? null} entry={entry} waits={acts?.waits} />
      ) : (
        <Body
          text={entry ? entry.body!.text : pending!.text}
          mentions={of.mentions}
          meta={
            <>
              {pending ? (
                <Waiting pending={pending} />
              ) : row.own && kind !== 'self' ? (
                <Receipt conversation={conversation} entry={entry!} />
              ) : (
                <span className="meta">
                  <Rest entry={entry!} />
                  {timeOfDay(of.at)}
                </span>
              )}
              {/* All float to the end of the line, the first one farther. */}
              {acts?.editedAt != null && <Edited />}
              {acts?.waits && <Unstored />}
            </>
          }
        />
      )}
    </Frame>
  );
});

interface FrameProps {
  readonly row: Row;
  readonly found?: boolean;
  readonly refused?: boolean;
  readonly canReply: boolean;
  /** It has a number, and stands. */
  readonly isStored: boolean;
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  /** In the bubble. */
  readonly children: ReactNode;
}

/** Takes the focus when it is asked to, and shows what one may do with it while mouse or focus are on it. */
function Frame({ row, found, refused, canReply, isStored, before, after, children }: FrameProps) {
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
        {held && <HoverBar canReply={canReply} canReact={canReply && isStored} />}
      </div>
      {after}
    </article>
  );
}

function Gone({ by, entry, waits }: { by: string | null; entry: MessageEntry; waits?: true | undefined }) {
  const who = useView((messenger) => (by === null ? '' : whomOf(messenger, by)));
  return (
    <div className="gone" dir="auto">
      {by === null ? erasedText(entry) : t('deletedBy', { who })}
      {waits && <Unstored />}
      <span className="meta">{timeOfDay(entry.at)}</span>
    </div>
  );
}

/** What one did to it is on its way. */
function Unstored() {
  return (
    <span className="meta waiting" role="img" aria-label={t('actWaits')} title={t('actWaits')}>
      <TickIcon tick="waiting" />
    </span>
  );
}

function Edited() {
  return (
    <button type="button" className="meta" data-do="history" title={t('history')}>
      {t('edited')}
    </button>
  );
}

/** Where it is not shown it is still said, so that a message never stands without its sender; null is oneself. */
function Sender({ user, shown }: { user: string | null; shown: boolean }) {
  const name = useView((messenger) => whoIs(messenger, user ?? messenger.user));
  if (!shown) {
    return (
      <p className="unseen" dir="auto">
        {name}
      </p>
    );
  }
  return (
    <button type="button" className="sender one-line" data-do="person" data-hue={hueOf(user ?? '')} dir="auto">
      {name}
    </button>
  );
}

function Receipt({ conversation, entry }: { conversation: string; entry: MessageEntry }) {
  const { seq, at } = entry;
  const messenger = useMessenger();
  const view = messenger.conversation(conversation)!;
  // Only what changes these changes the words; making them for every message that is shown takes its time.
  useView(() => reachOf(messenger, messenger.conversation(conversation)!, seq));
  useView(() => view.peer !== null && nameOf(messenger, view.peer));
  const words = tickText(messenger, view, seq, at);
  const told = t('receiptsOf', { words, time: timeOfDay(at) });
  const left = leftOf(entry, useMinute());
  return (
    <button type="button" className="meta" data-do="info" aria-label={left ? undefined : told} title={words}>
      <Rest entry={entry} />
      {left ? <span aria-hidden="true">{timeOfDay(at)}</span> : timeOfDay(at)}
      {left && <span className="unseen">{told}</span>}
      <TickIcon tick={tickFor(messenger, view, seq)} />
    </button>
  );
}

/** How long it is still there: changes each minute, and never blinks. */
function Rest({ entry }: { entry: MessageEntry }) {
  const left = leftOf(entry, useMinute());
  if (!left) return null;
  return (
    <span className="rest" title={left.words}>
      <Timer size={12} aria-hidden="true" />
      <span className="unseen">{left.words}, </span>
      <span aria-hidden="true">{left.rest}</span>
    </span>
  );
}

/** What is left of its time, or how long that will be once it is read. */
function leftOf({ expires, lasts, body }: MessageEntry, now: number): { rest: string; words: string } | null {
  if (body === null) return null;
  if (expires !== undefined) {
    const rest = restText(expires - now);
    return { rest, words: t('goneIn', { rest }) };
  }
  return lasts === undefined
    ? null
    : { rest: restText(lasts * 1_000), words: t('goneReading', { time: durationText(lasts) }) };
}

function Waiting({ pending: { state, at } }: { pending: PendingMessage }) {
  const online = useView((messenger) => messenger.status().state === 'online');
  const refused = state === 'refused';
  const words = refused ? t('notSent') : online ? t('sending') : t('waiting');
  return (
    <span className="meta">
      {timeOfDay(at)}
      <span className="waiting" role="img" aria-label={words} title={words}>
        <TickIcon tick={refused ? 'refused' : 'waiting'} />
      </span>
    </span>
  );
}

function Refused({ pending }: { pending: PendingMessage }) {
  const { conversation, key, text, code, uploads } = pending;
  const messenger = useMessenger();
  const member = useView(() => messenger.conversation(conversation)?.member === true);
  // The same would be refused again.
  const byFile = uploads.some((upload) => upload.code !== null);
  return (
    <p className="refused" role="alert">
      {byFile ? <UploadRefused pending={pending} /> : t('refused', { why: sentenceOf(code ?? 'internal') })}{' '}
      {member && !byFile && (
        <Button className="text-button" onPress={() => void messenger.retry(key)}>
          {t('retry')}
        </Button>
      )}
      <Button className="text-button" onPress={() => void messenger.discard(key)}>
        {t('delete')}
      </Button>
      {text !== '' && (
        <Button className="text-button" onPress={() => void copy(text)}>
          {t('copyText')}
        </Button>
      )}
    </p>
  );
}
