import { Archive, ArrowLeft, type LucideIcon, Mail, Search, SquarePen } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { ProfileMenu } from '../account/profile-menu.tsx';
import { RecoveryOffer } from '../account/recovery-offer.tsx';
import { useMessenger, useView } from '../messenger.tsx';
import { ConnectionLine } from '../parts/connection.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Link } from '../parts/link.tsx';
import { useWide } from '../parts/media.ts';
import { SkeletonRows } from '../parts/skeleton.tsx';
import { Alone, StillAlone } from '../people/alone.tsx';
import { go } from '../router.ts';
import { startSearch } from '../search/asked.ts';
import { countText } from '../text/people.ts';
import { t } from '../text/text.ts';
import { ConversationList } from './list.tsx';
import { type InboxPlace, inboxPlaceOf } from './place.ts';
import './inbox.css';

interface Props {
  readonly place: InboxPlace;
  readonly open: string | null;
  onSignOut(keep: boolean): Promise<void>;
}

/** With so many chats one has found out how people are invited. */
const FEW = 3;
const EMPTY = { archived: 'emptyArchive', requests: 'emptyRequests' } as const;

export function Inbox({ place, open, onSignOut }: Props) {
  const messenger = useMessenger();
  const inbox = useView((messenger) => messenger.inbox());
  const server = useView((messenger) => (place === 'chats' ? messenger.serverName() : ''));
  const views = useMemo(
    () => inbox.conversations.filter((view) => inboxPlaceOf(view) === place),
    [inbox.conversations, place],
  );
  const newChat = useRef<HTMLButtonElement>(null);
  // Once what covered the page is gone.
  const toNewChat = () => requestAnimationFrame(() => newChat.current?.focus());
  const isFirst = place === 'chats';
  const archived = isFirst ? inbox.conversations.filter((view) => inboxPlaceOf(view) === 'archived').length : 0;
  const requests = isFirst ? inbox.requests : 0;
  const heading = t(place);
  return (
    <>
      <header className="bar">
        {isFirst ? (
          <ProfileMenu onSignOut={onSignOut} />
        ) : (
          <IconButton icon={ArrowLeft} label={t('back')} onPress={() => go({ at: 'inbox' })} />
        )}
        <div className="bar-text">
          <h1>{heading}</h1>
          {server !== '' && (
            <p className="bar-second one-line" dir="auto">
              {server}
            </p>
          )}
        </div>
        {isFirst && <IconButton icon={Search} label={t('search')} onPress={() => startSearch(null)} />}
        {isFirst && (
          <IconButton ref={newChat} icon={SquarePen} label={t('newChat')} onPress={() => go({ at: 'new' })} />
        )}
      </header>
      <ConnectionLine />
      {isFirst && <RecoveryOffer onDone={toNewChat} />}
      {requests > 0 && <OtherList icon={Mail} place="requests" count={requests} />}
      {views.length === 0 && !inbox.loaded && <SkeletonRows />}
      {views.length === 0 && inbox.loaded && !inbox.more && archived > 0 && <p className="empty">{t('allArchived')}</p>}
      {views.length === 0 && inbox.loaded && archived === 0 ? (
        <Empty place={place} />
      ) : (
        <ConversationList
          label={heading}
          views={views}
          open={open}
          onEnd={() => inbox.more && messenger.loadMoreConversations().catch(() => {})}
        />
      )}
      {isFirst && views.length > 0 && views.length < FEW && !inbox.more && <StillAlone />}
      {archived > 0 && <OtherList icon={Archive} place="archived" count={archived} />}
    </>
  );
}

interface OtherListProps {
  readonly icon: LucideIcon;
  readonly place: 'archived' | 'requests';
  readonly count: number;
}

function OtherList({ icon: Icon, place, count }: OtherListProps) {
  return (
    <Link className="list-row" to={{ at: place }}>
      <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
      <span>{t(place)}</span>
      <span className="inbox-time">{countText(count)}</span>
    </Link>
  );
}

function Empty({ place }: { place: InboxPlace }) {
  const wide = useWide();
  if (place !== 'chats') return <p className="empty">{t(EMPTY[place])}</p>;
  return wide ? (
    <p className="empty">{t('emptyInbox')}</p>
  ) : (
    <div className="empty">
      <Alone />
    </div>
  );
}
