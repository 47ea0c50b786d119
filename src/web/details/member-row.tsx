import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { MenuTrigger } from 'react-aria-components';
import type { ConversationView, MemberView } from '../../client/views.ts';
import type { Role } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useMinute } from '../parts/media.ts';
import { Item, Menu } from '../parts/menu.tsx';
import { say } from '../parts/toast.tsx';
import { BlockDialog, block } from '../people/block.tsx';
import { ReportDialog } from '../people/report.tsx';
import { go } from '../router.ts';
import { nameOf, whoIs } from '../text/people.ts';
import '../text/safety.ts';
import { t } from '../text/text.ts';
import { presenceText } from '../text/time.ts';

const ROLE_NAMES = { owner: 'roleOwner', admin: 'roleAdmin', member: 'roleMember' } as const;
const MAKE = { owner: 'makeOwner', admin: 'makeAdmin', member: 'makeMember' } as const;

interface Props {
  readonly view: ConversationView;
  readonly member: MemberView;
  act(run: () => Promise<unknown>): void;
}

export function MemberRow({ view, member, act }: Props) {
  const messenger = useMessenger();
  const { user, role } = member;
  const now = useMinute();
  const name = useView((messenger) => nameOf(messenger, user));
  const who = useView((messenger) => whoIs(messenger, user));
  const presence = useView((messenger) => presenceText(messenger.presence(user), now));
  const blocked = useView((messenger) => messenger.blocked().has(user));
  const [asked, setAsked] = useState<'block' | 'report' | null>(null);
  const remove = async () => {
    await messenger.removeMember(view.id, user);
    // Not as if nothing had been: everybody reads of both.
    const again = { label: t('addAgain'), run: () => messenger.addMembers(view.id, [user]) };
    say(t('removedToast', { name }), again);
  };
  const isSelf = user === messenger.user;
  const called = useView((messenger) => messenger.profile(user)?.name);
  const rank = role === 'member' ? '' : t(ROLE_NAMES[role]);
  const second = [called && `@${called}`, rank, blocked ? t('blocked') : isSelf ? '' : presence]
    .filter(Boolean)
    .join(' · ');
  return (
    <li className="person">
      <PersonAvatar user={user} size="header" dot={!isSelf} />
      <span className="person-text">
        <span className="person-name one-line" dir="auto">
          {who}
        </span>
        {second && <span className="person-second one-line">{second}</span>}
      </span>
      {!isSelf && (
        <MenuTrigger>
          <IconButton icon={Ellipsis} label={t('memberMenu', { name })} />
          <Menu>
            {!blocked && (
              <Item onAction={() => act(async () => go({ at: 'conversation', id: await messenger.openDirect(user) }))}>
                {t('writeTo')}
              </Item>
            )}
            {rolesToGive(view.role, role).map((next) => (
              <Item key={next} onAction={() => act(() => messenger.setRole(view.id, user, next))}>
                {t(MAKE[next])}
              </Item>
            ))}
            {blocked ? (
              <Item onAction={() => act(() => block(messenger, user, false))}>{t('unblock')}</Item>
            ) : (
              <Item isDanger onAction={() => setAsked('block')}>
                {t('block')}
              </Item>
            )}
            <Item isDanger onAction={() => setAsked('report')}>
              {t('report')}
            </Item>
            {mayRemove(view.role, role) && (
              <Item isDanger onAction={() => act(remove)}>
                {t('remove')}
              </Item>
            )}
          </Menu>
        </MenuTrigger>
      )}
      {asked === 'block' && <BlockDialog user={user} onClose={() => setAsked(null)} />}
      {asked === 'report' && <ReportDialog user={user} onClose={() => setAsked(null)} />}
    </li>
  );
}

function rolesToGive(own: Role, theirs: Role): Role[] {
  if (own !== 'owner') return [];
  return (['owner', 'admin', 'member'] as const).filter((role) => role !== theirs);
}

function mayRemove(own: Role, theirs: Role): boolean {
  return own === 'owner' ? theirs !== 'owner' : own === 'admin' && theirs === 'member';
}
