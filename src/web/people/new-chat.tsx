import { Bookmark, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import type { Lifetime } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Link } from '../parts/link.tsx';
import { Panel, Wrong } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { t } from '../text/text.ts';
import { Invite } from './invite.tsx';
import { Keep } from './keep.tsx';
import { PeoplePicker } from './picker.tsx';

export function NewChat() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const [inviting, setInviting] = useState(false);
  const [lifetime, setLifetime] = useState<Lifetime>({ kind: 'always' });
  const open = (make: () => Promise<string>) => act(async () => go({ at: 'conversation', id: await make() }));
  const begin = async (user: string) => {
    if (lifetime.kind === 'whole') return messenger.createTemporary(user, lifetime.until);
    const id = await messenger.openDirect(user);
    if (lifetime.kind === 'timer') await messenger.setLifetime(id, lifetime);
    return id;
  };
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
      <Keep lifetime={lifetime} offers="both" reading onChange={setLifetime} />
      <PeoplePicker onChoose={({ user }) => void open(() => begin(user))} />
      {inviting && <Invite conversation={null} title={t('invitePeople')} onClose={() => setInviting(false)} />}
    </Panel>
  );
}
