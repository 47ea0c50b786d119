import { Bookmark, FlaskConical, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { makeGuest } from '../../client/index.ts';
import { freeSlot } from '../account/slots.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { later } from '../parts/later.tsx';
import { Link } from '../parts/link.tsx';
import { Wrong } from '../parts/panel.tsx';
import { go, useRoute } from '../router.ts';
import { pathOf } from '../routes.ts';
import { t } from '../text/text.ts';
import { useFinding, usePeople } from './search.ts';

const Invite = later(async () => (await import('./invite.tsx')).Invite);

/** What one can do where there is no conversation yet: first of all invite people where nobody else is. */
export function Alone() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const { slot } = useRoute();
  const [inviting, setInviting] = useState(false);
  const { people, found } = usePeople('');
  // Where strangers meet, nobody is listed, and there may be many.
  const alone = useFinding() === 'known' && found && people.length === 0;
  const free = freeSlot();
  // The tab is opened by the press itself: one that comes later a browser takes for an advertisement.
  const tryIt = async () => {
    const tab = window.open('about:blank');
    try {
      const { conversation, code } = await makeGuest({ slot, displayName: t('guestName') });
      const address = pathOf({ slot: free ?? slot, screen: { at: 'link', kind: 'enter', code, chosen: true } });
      if (tab) tab.location.replace(address);
      go({ at: 'conversation', id: conversation });
    } catch (error) {
      tab?.close();
      throw error;
    }
  };
  return (
    <>
      {!alone && (
        <Link className="main-button" to={{ at: 'new' }}>
          {t('newChat')}
        </Link>
      )}
      <button type="button" className={alone ? 'main-button' : 'quiet-button'} onClick={() => setInviting(true)}>
        <UserPlus size={20} strokeWidth={1.75} aria-hidden="true" />
        {t('invitePeople')}
      </button>
      {free !== null && (
        <button type="button" className="quiet-button" onClick={() => void act(tryIt)}>
          <FlaskConical size={20} strokeWidth={1.75} aria-hidden="true" />
          {t('tryIt')}
        </button>
      )}
      <button
        type="button"
        className="quiet-button"
        onClick={() => void act(async () => go({ at: 'conversation', id: await messenger.openSelf() }))}
      >
        <Bookmark size={20} strokeWidth={1.75} aria-hidden="true" />
        {t('savedMessages')}
      </button>
      <Wrong>{wrong}</Wrong>
      {inviting && <Invite conversation={null} title={t('invitePeople')} onClose={() => setInviting(false)} />}
    </>
  );
}
