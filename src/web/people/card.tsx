/** Who somebody is, beside where one pressed the name. */
import { type RefObject, useRef, useState } from 'react';
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
import { BlockDialog, block } from './block.tsx';
import { ReportDialog } from './report.tsx';
import './card.css';

interface Props {
  readonly user: string;
  readonly element: HTMLElement;
  onClose(): void;
}

type Asked = 'block' | 'report';

export function PersonCard({ user, element, onClose }: Props) {
  const anchor: RefObject<HTMLElement> = useRef(element);
  const [asked, setAsked] = useState<Asked | null>(null);
  if (asked === 'block') return <BlockDialog user={user} onClose={onClose} />;
  if (asked === 'report') return <ReportDialog user={user} onClose={onClose} />;
  return (
    <Popover
      className="menu"
      placement="bottom start"
      isOpen
      triggerRef={anchor}
      onOpenChange={(open) => open || onClose()}
    >
      <Who user={user} onAsk={setAsked} onClose={onClose} />
    </Popover>
  );
}

function Who({ user, onAsk, onClose }: Omit<Props, 'element'> & { onAsk(what: Asked): void }) {
  const messenger = useMessenger();
  const now = useMinute();
  const { busy, wrong, act } = useAct();
  const name = useView((messenger) => nameOf(messenger, user));
  const profile = useView((messenger) => messenger.profile(user));
  const presence = useView((messenger) => presenceText(messenger.presence(user), now));
  const blocked = useView((messenger) => messenger.blocked().has(user));
  const isGone = profile?.deactivated === true;
  const isOther = user !== messenger.user;
  const write = async () => {
    const id = await messenger.openDirect(user);
    onClose();
    go({ at: 'conversation', id });
  };
  const unblock = async () => {
    await block(messenger, user, false);
    onClose();
  };
  return (
    <Dialog className="card" aria-label={t('cardOf', { name })}>
      <PersonAvatar user={user} size="row" dot />
      <span className="person-text">
        <span className="card-name" dir="auto">
          {name}
        </span>
        {profile && <span className="person-second one-line">@{profile.name}</span>}
        <span className="person-second">
          {isGone ? t('accountDeactivated') : blocked ? t('youBlocked', { name }) : presence}
        </span>
      </span>
      <Wrong>{wrong}</Wrong>
      {!isGone && isOther && !blocked && (
        <Button className="quiet-button" isDisabled={busy} onPress={() => void act(write)}>
          {t('writeToPerson', { name })}
        </Button>
      )}
      {isOther && (
        <div className="card-acts">
          {blocked ? (
            <Button className="quiet-button" isDisabled={busy} onPress={() => void act(unblock)}>
              {t('unblock')}
            </Button>
          ) : (
            <Button className="quiet-button" data-danger onPress={() => onAsk('block')}>
              {t('block')}
            </Button>
          )}
          <Button className="quiet-button" data-danger onPress={() => onAsk('report')}>
            {t('report')}
          </Button>
        </div>
      )}
    </Dialog>
  );
}
