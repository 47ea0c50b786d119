import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useMessenger, useView } from '../messenger.tsx';
import { later } from '../parts/later.tsx';
import { t } from '../text/text.ts';
import { forgetMade, isFresh, isSpent, wasMadeHere } from './slots.ts';

const RecoveryCode = later(async () => (await import('../settings/recovery-code.tsx')).RecoveryCode);

interface Props {
  /** It is gone, and the focus was in it. */
  onDone(): void;
}

/** After an account was made here, until a code is kept: below the head of the inbox, where it is in nobody's way. */
export function RecoveryOffer({ onDone }: Props) {
  const { user } = useMessenger();
  const name = useView((messenger) => messenger.profile(user)?.name ?? null);
  const [offered, setOffered] = useState(() => wasMadeHere(user));
  const [open, setOpen] = useState<{ isFresh: boolean } | null>(null);
  const kept = useRef(false);
  const done = () => {
    forgetMade(user);
    setOffered(false);
    onDone();
  };
  const close = () => {
    setOpen(null);
    if (kept.current) done();
  };
  return (
    <>
      {offered && name !== null && (
        <section className="offer" aria-label={t('recoveryCode')}>
          <p>{t(isSpent(user) ? 'recoverySpent' : 'offerRecovery')}</p>
          <Button className="text-button" onPress={() => setOpen({ isFresh: isFresh(user) })}>
            {t('saveRecovery')}
          </Button>
          <Button className="text-button" onPress={done}>
            {t('notNow')}
          </Button>
        </section>
      )}
      {open && name !== null && (
        <RecoveryCode
          name={name}
          {...open}
          onKept={() => {
            kept.current = true;
          }}
          onClose={close}
        />
      )}
    </>
  );
}
