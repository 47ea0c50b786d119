/** Who somebody is, beside where one pressed the name. */
import { type RefObject, useRef } from 'react';
import { Button, Dialog, Popover } from 'react-aria-components';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { PersonAvatar } from '../parts/avatar.tsx';
import { useMinute } from '../parts/media.ts';
import { Wrong } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { nameOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { presenceText } from '../text/time.ts';
import './card.css';

interface Props {
  readonly user: string;
  readonly element: HTMLElement;
  onClose(): void;
}

export function PersonCard({ user, element, onClose }: Props) {
  const anchor: RefObject<HTMLElement> = useRef(element);
  return (
    <Popover
      className="menu"
      placement="bottom start"
      isOpen
      triggerRef={anchor}
      onOpenChange={(open) => open || onClose()}
    >
      <Who user={user} onClose={onClose} />
    </Popover>
  );
}

export function Who({ user, onClose }: Omit<Props, 'element'>) {
  const messenger = useMessenger();
  const now = useMinute();
  const { busy, wrong, act } = useAct();
  const name = useView((messenger) => nameOf(messenger, user));
  const profile = useView((messenger) => messenger.profile(user));
  const presence = useView((messenger) => presenceText(messenger.presence(user), now));
  const isGone = profile?.deactivated === true;
  const write = async () => {
    const id = await messenger.openDirect(user);
    onClose();
    go({ at: 'conversation', id });
  };
  return (
    <Dialog className="card" aria-label={t('cardOf', { name })}>
      <PersonAvatar user={user} size="row" dot />
      <span className="person-text">
        <span className="card-name" dir="auto">
          {name}
        </span>
        {profile && <span className="person-second one-line">@{profile.name}</span>}
        <span className="person-second">{isGone ? t('accountDeactivated') : presence}</span>
      </span>
      <Wrong>{wrong}</Wrong>
      {!isGone && user !== messenger.user && (
        <Button className="quiet-button" isDisabled={busy} onPress={() => void act(write)}>
          {t('writeToPerson', { name })}
        </Button>
      )}
    </Dialog>
  );
}
