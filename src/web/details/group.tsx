import { Link2, LogOut, Pencil, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { ConversationView } from '../../client/views.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Wrong } from '../parts/panel.tsx';
import { bringPicture, PictureChooser } from '../parts/picture-chooser.tsx';
import { Invite } from '../people/invite.tsx';
import '../text/safety.ts';
import { t } from '../text/text.ts';
import { AddPeople, LeaveGroup, RenameGroup } from './dialogs.tsx';
import { MemberRow } from './member-row.tsx';
import { useMembers } from './members.ts';

type Open = 'add' | 'invite' | 'rename' | 'leave' | null;

/** Who is in the group, and what one may do about it. */
export function GroupDetails({ view }: { view: ConversationView }) {
  const messenger = useMessenger();
  const { members, hasMore, more, wrong } = useMembers(view.id);
  const { wrong: refused, act } = useAct();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const manages = view.role !== 'member';
  return (
    <>
      <section className="panel-group">
        {manages && (
          <>
            <Action icon={Pencil} label={t('rename')} onPress={() => setOpen('rename')} />
            <Action icon={UserPlus} label={t('addPeople')} onPress={() => setOpen('add')} />
            <Action icon={Link2} label={t('inviteByLink')} onPress={() => setOpen('invite')} />
          </>
        )}
        <h3 id="members">{t('membersCount', { n: view.memberCount })}</h3>
        <p className="hint">{t(view.history === 'all' ? 'newcomersSeeAll' : 'newcomersSeeJoined')}</p>
        <Wrong>{wrong || refused}</Wrong>
        <ul className="people" aria-labelledby="members">
          {members.map((member) => (
            <MemberRow key={member.user} view={view} member={member} act={(run) => void act(run)} />
          ))}
        </ul>
        {hasMore && (
          <button type="button" className="quiet-button" onClick={more}>
            {t('moreMembers')}
          </button>
        )}
      </section>
      <section className="panel-group">
        <Action icon={LogOut} label={t('leave')} danger onPress={() => setOpen('leave')} />
      </section>
      {open === 'rename' && <RenameGroup view={view} onClose={close} />}
      {open === 'add' && (
        <AddPeople
          members={new Set(members.map(({ user }) => user))}
          onAdd={(users) => messenger.addMembers(view.id, users)}
          onClose={close}
        />
      )}
      {open === 'invite' && <Invite conversation={view.id} title={t('inviteByLink')} onClose={close} />}
      {open === 'leave' && <LeaveGroup view={view} onClose={close} />}
    </>
  );
}

export function GroupPicture({ view: { id, picture } }: { view: ConversationView }) {
  const messenger = useMessenger();
  return (
    <PictureChooser
      of="group"
      has={picture !== null}
      use={async (content) => messenger.setGroupPicture(id, await bringPicture(id, content))}
      remove={() => messenger.setGroupPicture(id, null)}
    />
  );
}

interface ActionProps {
  readonly icon: typeof Pencil;
  readonly label: string;
  readonly danger?: boolean;
  onPress(): void;
}

export function Action({ icon: Icon, label, danger, onPress }: ActionProps) {
  return (
    <button type="button" className="panel-row" data-danger={danger} onClick={onPress}>
      <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
      {label}
    </button>
  );
}
