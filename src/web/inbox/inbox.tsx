import { Archive, ArrowLeft, SquarePen } from 'lucide-react';
import { useMemo } from 'react';
import { ProfileMenu } from '../account/profile-menu.tsx';
import { RecoveryOffer } from '../account/recovery-offer.tsx';
import { useMessenger, useView } from '../messenger.tsx';
import { ConnectionLine } from '../parts/connection.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Link } from '../parts/link.tsx';
import { SkeletonRows } from '../parts/skeleton.tsx';
import { Alone } from '../people/alone.tsx';
import { go } from '../router.ts';
import { countText } from '../text/people.ts';
import { t } from '../text/text.ts';
import { ConversationList } from './list.tsx';
import './inbox.css';

interface Props {
  readonly archived: boolean;
  readonly open: string | null;
  onSignOut(keep: boolean): Promise<void>;
}

export function Inbox({ archived, open, onSignOut }: Props) {
  const messenger = useMessenger();
  const inbox = useView((messenger) => messenger.inbox());
  const views = useMemo(
    () => inbox.conversations.filter((view) => view.archived === archived),
    [inbox.conversations, archived],
  );
  const hidden = archived ? 0 : inbox.conversations.length - views.length;
  const heading = archived ? t('archived') : t('chats');
  return (
    <>
      <header className="bar">
        {archived ? (
          <IconButton icon={ArrowLeft} label={t('back')} onPress={() => go({ at: 'inbox' })} />
        ) : (
          <ProfileMenu onSignOut={onSignOut} />
        )}
        <h1>{heading}</h1>
        {!archived && <IconButton icon={SquarePen} label={t('newChat')} onPress={() => go({ at: 'new' })} />}
      </header>
      <ConnectionLine />
      {!archived && <RecoveryOffer />}
      {views.length === 0 && !inbox.loaded && <SkeletonRows />}
      {views.length === 0 && inbox.loaded && hidden === 0 ? (
        <Empty archived={archived} />
      ) : (
        <ConversationList
          label={heading}
          views={views}
          open={open}
          onEnd={() => inbox.more && messenger.loadMoreConversations().catch(() => {})}
        />
      )}
      {hidden > 0 && (
        <Link className="archived-row" to={{ at: 'archived' }}>
          <Archive size={20} strokeWidth={1.75} aria-hidden="true" />
          <span>{t('archived')}</span>
          <span className="inbox-time">{countText(hidden)}</span>
        </Link>
      )}
    </>
  );
}

function Empty({ archived }: { archived: boolean }) {
  if (archived) return <p className="empty">{t('emptyArchive')}</p>;
  return (
    <div className="empty">
      <p>{t('emptyInbox')}</p>
      <Link className="main-button" to={{ at: 'new' }}>
        {t('newChat')}
      </Link>
      <Alone />
    </div>
  );
}
