import { Bookmark, FlaskConical, type LucideIcon, UserPlus } from 'lucide-react';
import { useId, useState } from 'react';
import { makeGuest } from '../../client/index.ts';
import { enterWithLink } from '../account/session.ts';
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

/** Whether nobody else has an account here, as far as people are listed; null while it is not known. */
function useFirst(): boolean | null {
  const { people, found } = usePeople('');
  const finding = useFinding();
  if (finding === null || (finding === 'known' && !found)) return null;
  return finding === 'known' && people.length === 0;
}

/** What one can do where there is no conversation yet: first of all invite people where nobody else is. */
export function Alone() {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const { slot } = useRoute();
  const [inviting, setInviting] = useState(false);
  const first = useFirst();
  const alone = first === true;
  const free = freeSlot();
  // The tab is opened by the press itself: one that comes later a browser takes for an advertisement.
  const tryIt = async (guestSlot: number) => {
    const tab = window.open('about:blank');
    try {
      const { conversation, code } = await makeGuest({ slot, displayName: t('guestName') });
      await enterWithLink(guestSlot, code, t('guestName'));
      const address = pathOf({ slot: guestSlot, screen: { at: 'conversation', id: conversation } });
      if (tab) tab.location.replace(address);
      go({ at: 'conversation', id: conversation });
    } catch (error) {
      tab?.close();
      throw error;
    }
  };
  return (
    <div className="ways" data-undecided={first === null || undefined}>
      <p>{t(alone ? 'firstHere' : 'emptyInbox')}</p>
      {!alone && (
        <Link className="main-button" to={{ at: 'new' }}>
          {t('newChat')}
        </Link>
      )}
      <Way
        icon={UserPlus}
        name={t('invitePeople')}
        hint={t('inviteHint')}
        main={alone}
        onPress={() => setInviting(true)}
      />
      {free !== null && (
        <Way
          icon={FlaskConical}
          name={t('tryIt')}
          hint={t('tryItHint')}
          onPress={() => void (busy || act(() => tryIt(free)))}
        />
      )}
      <Way
        icon={Bookmark}
        name={t('savedMessages')}
        hint={t('savedHint')}
        onPress={() => void act(async () => go({ at: 'conversation', id: await messenger.openSelf() }))}
      />
      <Wrong>{wrong}</Wrong>
      {inviting && <InvitePeople onClose={() => setInviting(false)} />}
    </div>
  );
}

/** Below the first chats, of oneself or with a guest, for as long as nobody else is here. */
export function StillAlone() {
  const [inviting, setInviting] = useState(false);
  if (useFirst() !== true) return null;
  return (
    <>
      <button type="button" className="list-row" onClick={() => setInviting(true)}>
        <UserPlus size={20} strokeWidth={1.75} aria-hidden="true" />
        <span>{t('invitePeople')}</span>
      </button>
      {inviting && <InvitePeople onClose={() => setInviting(false)} />}
    </>
  );
}

const InvitePeople = ({ onClose }: { onClose(): void }) => (
  <Invite conversation={null} title={t('invitePeople')} onClose={onClose} />
);

interface WayProps {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly hint: string;
  readonly main?: boolean;
  onPress(): void;
}

function Way({ icon: Icon, name, hint, main = false, onPress }: WayProps) {
  const id = useId();
  return (
    <div className="way">
      <button type="button" className={main ? 'main-button' : 'quiet-button'} aria-describedby={id} onClick={onPress}>
        <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
        {name}
      </button>
      <p id={id} className="hint">
        {hint}
      </p>
    </div>
  );
}
