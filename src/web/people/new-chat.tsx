import { Bookmark, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Link } from '../parts/link.tsx';
import { Panel, Wrong } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { t } from '../text/text.ts';
import { Invite } from './invite.tsx';
import { PeoplePicker } from './picker.tsx';

export function NewChat() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const [inviting, setInviting] = useState(false);
  const open = (make: () => Promise<string>) => act(async () => go({ at: 'conversation', id: await make() }));
  return (
    <Panel title={t('newChat')} onBack={() => go({ at: 'inbox' })}>
      <div className="panel-group">
        <Link className="panel-row" to={{ at: 'new-group' }}>
          <Users size={20} strokeWidth={1.75} aria-hidden="true" />
          {t('newGroup')}
        </Link>
        <button type="button" className="panel-row" onClick={() => void open(() => messenger.openSelf())}>
          <Bookmark size={20} strokeWidth={1.75} aria-hidden="true" />
          {t('savedMessages')}
        </button>
        <button type="button" className="panel-row" onClick={() => setInviting(true)}>
          <UserPlus size={20} strokeWidth={1.75} aria-hidden="true" />
          {t('inviteSomebody')}
        </button>
      </div>
      <Wrong>{wrong}</Wrong>
      <PeoplePicker onChoose={({ user }) => void open(() => messenger.openDirect(user))} />
      {inviting && <Invite conversation={null} title={t('invitePeople')} onClose={() => setInviting(false)} />}
    </Panel>
  );
}
