/** What is about the person and not about a chat. */
import { Bookmark, CheckCheck, LogOut, Plus, Settings } from 'lucide-react';
import type { RefObject } from 'react';
import { Header, MenuSection, Separator } from 'react-aria-components';
import type { Messenger } from '../../client/index.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { Badge } from '../parts/badge.tsx';
import { Item, Menu } from '../parts/menu.tsx';
import { go, useRoute } from '../router.ts';
import { nameOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { accounts, freeSlot, openSlot, unreadIn } from './slots.ts';

interface Props {
  readonly button: RefObject<HTMLButtonElement | null>;
  onReadAll(): void;
  onSignOut(): void;
  onClose(): void;
}

export function ProfileItems({ button, onReadAll, onSignOut, onClose }: Props) {
  return (
    <Menu
      label={t('profileMenu')}
      isOpen
      triggerRef={button}
      placement="bottom start"
      onOpenChange={(open) => open || onClose()}
      onClose={onClose}
    >
      <Own onReadAll={onReadAll} />
      <Separator className="menu-line" />
      <Others />
      <Separator className="menu-line" />
      <Item icon={LogOut} onAction={onSignOut}>
        {t('signOutDevice')}
      </Item>
    </Menu>
  );
}

function Own({ onReadAll }: Pick<Props, 'onReadAll'>) {
  const messenger = useMessenger();
  const name = useView((messenger) => nameOf(messenger, messenger.user));
  const at = useView((messenger) => messenger.profile(messenger.user)?.name);
  const online = useView((messenger) => messenger.status().state === 'online');
  return (
    <MenuSection>
      <Header className="menu-head">
        <bdi className="person-name one-line" dir="auto">
          {name}
        </bdi>
        <span className="person-second one-line">
          {[at && `@${at}`, online ? t('online') : t('notConnected')].filter(Boolean).join(' · ')}
        </span>
      </Header>
      <Item icon={Bookmark} onAction={() => void openSaved(messenger)}>
        {t('savedMessages')}
      </Item>
      <Item icon={CheckCheck} onAction={onReadAll}>
        {t('markAllRead')}
      </Item>
      <Item icon={Settings} onAction={() => go({ at: 'settings' })}>
        {t('settings')}
      </Item>
    </MenuSection>
  );
}

/** Also without a connection, once there is one of it; else the line below the header says why it does not open. */
async function openSaved(messenger: Messenger): Promise<void> {
  const held = messenger.inbox().conversations.find(({ kind }) => kind === 'self');
  const id = held?.id ?? (await messenger.openSelf().catch(() => null));
  if (id !== null) go({ at: 'conversation', id });
}

/** Several people side by side in one browser: each has a slot of its own, and a tab. */
function Others() {
  const { slot } = useRoute();
  const others = accounts().filter((other) => other.slot !== slot);
  const free = freeSlot();
  return (
    <MenuSection aria-label={t('accounts')}>
      {others.map(({ slot, account }) => {
        const unread = unreadIn(slot);
        return (
          <Item key={slot} textValue={account.name} onAction={() => openSlot(slot, { at: 'inbox' })}>
            <PersonAvatar user={account.user} name={account.name} size="run" />
            <bdi className="menu-name one-line" dir="auto">
              {account.name}
            </bdi>
            {unread > 0 && <Badge count={unread} />}
          </Item>
        );
      })}
      {free !== null && (
        <Item icon={Plus} onAction={() => openSlot(free, { at: 'sign-in' })}>
          {t('addAccount')}
        </Item>
      )}
    </MenuSection>
  );
}
