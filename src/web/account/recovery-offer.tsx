import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useMessenger, useView } from '../messenger.tsx';
import { later } from '../parts/later.tsx';
import { t } from '../text/text.ts';
import { forgetMade, isFresh, wasMadeHere } from './slots.ts';

const RecoveryCode = later(async () => (await import('../settings/recovery-code.tsx')).RecoveryCode);

/** After an account was made here, once: below the head of the inbox, where it stands in nobody's way. */
export function RecoveryOffer() {
  const { user } = useMessenger();
  const name = useView((messenger) => messenger.profile(user)?.name ?? null);
  const [offered, setOffered] = useState(() => wasMadeHere(user));
  const [open, setOpen] = useState<{ isFresh: boolean } | null>(null);
  const done = () => {
    forgetMade(user);
    setOffered(false);
  };
  return (
    <>
      {offered && name !== null && (
        <section className="offer" aria-label={t('recoveryCode')}>
          <p>{t('offerRecovery')}</p>
          <Button className="text-button" onPress={() => setOpen({ isFresh: isFresh(user) })}>
            {t('saveRecovery')}
          </Button>
          <Button className="text-button" onPress={done}>
            {t('notNow')}
          </Button>
        </section>
      )}
      {open && name !== null && <RecoveryCode name={name} {...open} onMade={done} onClose={() => setOpen(null)} />}
    </>
  );
}
