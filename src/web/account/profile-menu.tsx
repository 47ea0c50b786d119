/** Oneself, at the head of the inbox. */
import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { flushSync } from 'react-dom';
import { useMessenger } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { later } from '../parts/later.tsx';
import { t } from '../text/text.ts';

const ProfileItems = later(async () => (await import('./profile-items.tsx')).ProfileItems);
const ReadAll = later(async () => (await import('../inbox/read-all.tsx')).ReadAll);
const SignOutDialog = later(async () => (await import('../settings/sign-out.tsx')).SignOutDialog);

interface Props {
  onSignOut(keep: boolean): Promise<void>;
}

export function ProfileMenu({ onSignOut }: Props) {
  const { user } = useMessenger();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<'menu' | 'read-all' | 'sign-out' | null>(null);
  // The dialog was opened by something in the menu, which is gone: the focus comes back to the menu's button.
  const stay = () => {
    flushSync(() => setOpen(null));
    button.current?.focus();
  };
  return (
    <>
      <Button
        ref={button}
        className="profile-button"
        aria-label={t('profileMenu')}
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        onPress={() => setOpen('menu')}
      >
        <PersonAvatar user={user} size="header" />
      </Button>
      {open === 'menu' && (
        <ProfileItems
          button={button}
          onReadAll={() => setOpen('read-all')}
          onSignOut={() => setOpen('sign-out')}
          onClose={() => setOpen((now) => (now === 'menu' ? null : now))}
        />
      )}
      {open === 'read-all' && <ReadAll onClose={stay} />}
      {open === 'sign-out' && <SignOutDialog onSignOut={onSignOut} onClose={stay} />}
    </>
  );
}
