import { useEffect, useRef, useState } from 'react';
import type { ConversationView } from '../../client/views.ts';
import { useEscape } from '../keys.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { ConnectionLine } from '../parts/connection.tsx';
import { useRoute } from '../router.ts';
import { useShown } from '../sight.ts';
import { nameOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { typingText } from '../text/typing.ts';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './header.tsx';
import { Timeline, type TimelineHandle } from './timeline.tsx';

/** With more unread than this, the end is of more use than the place where one stopped. */
const UNREAD_MAX = 999;

interface Props {
  readonly view: ConversationView;
  readonly details: boolean;
  readonly wide: boolean;
}

/** One opened conversation; another one is another component, by its key. */
export function Conversation({ view, details, wide }: Props) {
  const messenger = useMessenger();
  const [{ timeline, unreadAfter }] = useState(() => {
    const fromUnread = view.unread > 0 && view.unread <= UNREAD_MAX;
    return {
      timeline: messenger.timeline(view.id, fromUnread ? { around: view.read + 1 } : {}),
      unreadAfter: fromUnread ? view.read : null,
    };
  });
  const handle = useRef<TimelineHandle>(null);
  useEffect(() => () => timeline.close(), [timeline]);
  useShown(view.id);
  const alone = useRoute().screen.at === 'conversation' && wide && !details;
  useEscape(() => handle.current?.toNewest(), alone);
  return (
    <>
      <ConversationHeader view={view} details={details} wide={wide} />
      {!wide && <ConnectionLine />}
      <Timeline ref={handle} view={view} timeline={timeline} unreadAfter={unreadAfter} />
      <TypingLine view={view} />
      <Announcer view={view} />
      <Composer view={view} onSent={() => handle.current?.toNewest()} />
    </>
  );
}

/** Keeps its place when nobody types, so that nothing moves. */
function TypingLine({ view }: { view: ConversationView }) {
  const text = useView((messenger) => typingText(messenger, view));
  return <p className="typing-line one-line">{text}</p>;
}

/** Says new messages to screen readers: the list itself also grows when older ones are loaded. */
function Announcer({ view }: { view: ConversationView }) {
  const messenger = useMessenger();
  const [said, setSaid] = useState({ sender: '', text: '' });
  useEffect(
    () =>
      messenger.on('message', ({ conversation, entry }) => {
        if (conversation !== view.id || entry.kind !== 'message' || entry.sender === messenger.user) return;
        setSaid({ sender: entry.sender, text: entry.body?.text ?? '' });
      }),
    [messenger, view.id],
  );
  const name = useView((messenger) => (said.sender === '' ? '' : nameOf(messenger, said.sender)));
  return (
    <p className="unseen" aria-live="polite">
      {said.sender !== '' && t('by', { name, text: said.text })}
    </p>
  );
}
