import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ConversationView } from '../../client/views.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useEscape } from '../keys.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { ConnectionLine } from '../parts/connection.tsx';
import { later } from '../parts/later.tsx';
import { useRoute } from '../router.ts';
import { useShown } from '../sight.ts';
import { nameOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { wordsOf } from '../text/words.ts';
import { Composer, type ComposerHandle } from './composer.tsx';
import { ConversationHeader } from './header.tsx';
import { placeOf } from './place.ts';
import { useReply } from './reply.ts';
import { isAsked, isWaiting } from './request.ts';
import { Timeline, type TimelineHandle } from './timeline.tsx';

const Answer = later(async () => (await import('./answer.tsx')).Answer);
const Waiting = later(async () => (await import('./answer.tsx')).Waiting);
const Blocked = later(async () => (await import('./blocked.tsx')).Blocked);
const Ended = later(async () => (await import('./ended.tsx')).Ended);

const DropSurface = later(async () => (await import('./drop-surface.tsx')).DropSurface);
const EditComposer = later(async () => (await import('./edit.tsx')).EditComposer);
const PinnedBar = later(async () => (await import('./pinned.tsx')).PinnedBar);

/** With more unread than this, the end is of more use than the place where one stopped. */
const UNREAD_MAX = 999;

/** Letters of a new message that are said at once. */
const SAID_MAX = 300;

interface Props {
  readonly view: ConversationView;
  readonly details: boolean;
  readonly wide: boolean;
}

/** One opened conversation; another one is another component, by its key. */
export function Conversation({ view, details, wide }: Props) {
  const messenger = useMessenger();
  const { screen } = useRoute();
  const asked = screen.at === 'conversation' && screen.seq !== undefined ? screen : null;
  const [{ timeline, unreadAfter, place }] = useState(() => {
    const place = placeOf(view.id, asked?.seq);
    const fromUnread = view.unread > 0 && view.unread <= UNREAD_MAX;
    const around = place?.seq ?? (fromUnread ? view.read + 1 : undefined);
    return {
      timeline: messenger.timeline(view.id, around === undefined ? {} : { around }),
      unreadAfter: fromUnread ? view.read : null,
      place,
    };
  });
  const handle = useRef<TimelineHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  const [reply, setReply] = useReply(view.id);
  const [edited, setEdited] = useState<MessageEntry | null>(null);
  const leave = () => {
    setEdited(null);
    requestAnimationFrame(() => composer.current?.focus());
  };
  useEffect(() => () => timeline.close(), [timeline]);
  useShown(view.id);
  const addressed = screen.at === 'conversation' && !details;
  useEscape(() => handle.current?.toNewest(), addressed && wide);
  return (
    <>
      <ConversationHeader view={view} details={details} wide={wide} />
      {!wide && <ConnectionLine />}
      {view.pins.length > 0 && <PinnedBar view={view} onShow={(seq) => handle.current?.show(seq)} />}
      <Timeline
        ref={handle}
        view={view}
        timeline={timeline}
        unreadAfter={unreadAfter}
        place={place}
        asked={asked}
        addressed={addressed}
        onReply={(seq) => {
          setReply(seq);
          // A menu that closes gives the focus back first.
          requestAnimationFrame(() => composer.current?.focus());
        }}
        onEdit={setEdited}
        onWrite={() => composer.current?.focus()}
      />
      {view.member && view.ended === null && !isAsked(view) && !isWaiting(view) && !edited && (
        <DropSurface view={view} onDrop={() => composer.current?.focus()} />
      )}
      <Announcer view={view} />
      {view.ended !== null ? (
        <Ended id={view.id} ended={view.ended} />
      ) : view.blocked ? (
        <Blocked peer={view.peer!} />
      ) : isAsked(view) ? (
        <Answer view={view} />
      ) : isWaiting(view) ? (
        <Waiting view={view} />
      ) : edited && view.member ? (
        <EditComposer
          key={edited.seq}
          conversation={view.id}
          entry={edited}
          onClose={leave}
          onUp={() => {
            // The composer takes the focus as soon as it is back.
            flushSync(() => setEdited(null));
            handle.current?.toOwn();
          }}
        />
      ) : (
        <Composer
          ref={composer}
          view={view}
          reply={reply}
          onReply={setReply}
          onSent={() => handle.current?.toNewest()}
          onOwn={() => {
            const own = handle.current?.own() ?? null;
            setEdited(own);
            return own !== null;
          }}
        />
      )}
    </>
  );
}

/** Says new messages to screen readers: the list itself also grows when older ones are loaded. */
function Announcer({ view }: { view: ConversationView }) {
  const messenger = useMessenger();
  const [said, setSaid] = useState({ key: '', sender: '', text: '' });
  useEffect(
    () =>
      messenger.on('message', ({ conversation, entry }) => {
        if (conversation !== view.id || entry.kind !== 'message' || entry.sender === messenger.user) return;
        if (messenger.blocked().has(entry.sender)) return;
        setSaid({
          key: entry.key,
          sender: entry.sender,
          text: entry.body ? wordsOf(entry.body, t('hiddenText')).slice(0, SAID_MAX) : '',
        });
      }),
    [messenger, view.id],
  );
  const name = useView((messenger) => (said.sender === '' ? '' : nameOf(messenger, said.sender)));
  return (
    <p className="unseen" aria-live="polite">
      {/* Another element, so that the same words twice are said twice. */}
      {said.sender !== '' && <span key={said.key}>{t('by', { name, text: said.text })}</span>}
    </p>
  );
}
