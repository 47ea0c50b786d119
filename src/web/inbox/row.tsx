import { AtSign, BellOff, Hourglass, Pin } from 'lucide-react';
import { memo } from 'react';
import type { ConversationView } from '../../client/views.ts';
import { TickIcon, tickFor } from '../conversation/ticks.tsx';
import { useView } from '../messenger.tsx';
import { ConversationAvatar } from '../parts/avatar.tsx';
import { Badge } from '../parts/badge.tsx';
import { Link } from '../parts/link.tsx';
import { useShown } from '../sight.ts';
import { countText, titleOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { shortTime } from '../text/time.ts';
import { causeOf } from './cause.ts';
import { previewOf } from './preview.ts';

interface Props {
  readonly view: ConversationView;
  readonly open: boolean;
  readonly index: number;
  readonly tabIndex: number;
  readonly now: number;
}

export const InboxRow = memo(function InboxRow({ view, open, index, tabIndex, now }: Props) {
  useShown(view.id);
  const title = useView((messenger) => titleOf(messenger, view));
  const text = useView((messenger) => previewOf(messenger, view, open).text);
  const kind = useView((messenger) => previewOf(messenger, view, open).kind);
  const online = useView((messenger) => view.peer !== null && messenger.presence(view.peer)?.online === true);
  // Of what stands below it, which may wait, or be followed by what says nothing there.
  const at = view.lastPending?.at ?? view.last?.at ?? view.at;
  const counts = view.unread > 0 && view.request === null;
  return (
    <>
      <Link
        className="inbox-row"
        to={{ at: 'conversation', id: view.id }}
        aria-current={open ? 'page' : undefined}
        data-index={index}
        data-muted={view.muted || undefined}
        tabIndex={tabIndex}
        draggable={false}
      >
        <ConversationAvatar view={view} size="row" />
        <span className="inbox-line">
          <span className="inbox-name one-line" dir="auto">
            {title}
          </span>
          {view.lifetime.kind === 'whole' && <Hourglass size={14} aria-label={t('temporary')} />}
          {online && <span className="unseen">, {t('online')}</span>}
          {view.muted && <BellOff size={14} aria-label={t('muted')} />}
          <LastTick view={view} />
          <time className="inbox-time" dateTime={new Date(at).toISOString()}>
            {shortTime(at, now)}
          </time>
        </span>
        <span className="inbox-line">
          <span className="inbox-preview one-line" data-kind={kind} dir="auto">
            {text}
          </span>
          {view.pinned && <Pin size={14} aria-label={t('pinned')} />}
          {counts && view.firstMention !== null && <AtSign size={14} aria-label={t('mentioned')} />}
          {counts && <Badge count={view.unread} />}
        </span>
      </Link>
      {/* Lies over the number: a link cannot be within a link. */}
      {counts && (
        <Link
          className="inbox-cause"
          to={causeOf(view)}
          aria-label={t(view.firstMention === null ? 'toUnread' : 'toMention', {
            n: view.unread,
            count: countText(view.unread),
          })}
          data-index={index}
          tabIndex={tabIndex}
          draggable={false}
        />
      )}
    </>
  );
});

/** How far one's own newest message has got. */
function LastTick({ view }: { view: ConversationView }) {
  const tick = useView((messenger) => {
    if (view.lastPending) return view.lastPending.state === 'refused' ? 'refused' : 'waiting';
    const { last } = view;
    if (view.kind === 'self' || last?.kind !== 'message' || last.sender !== messenger.user) return null;
    return tickFor(messenger, view, last.seq);
  });
  return tick && <TickIcon tick={tick} />;
}
