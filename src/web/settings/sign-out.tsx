import { useState } from 'react';
import { Button } from 'react-aria-components';
import { countUnsent } from '../account/session.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { t } from '../text/text.ts';

interface Props {
  onSignOut(keep: boolean): Promise<void>;
}

/** Says what becomes of what is kept here, before it is gone. */
export function SignOut({ onSignOut }: Props) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const [unsent, setUnsent] = useState<number | null>(null);
  const out = (keep: boolean) => void act(() => onSignOut(keep));
  return (
    <section className="panel-group">
      <button type="button" className="quiet-button" data-danger onClick={() => setUnsent(countUnsent(messenger))}>
        {t('signOut')}
      </button>
      {unsent !== null && (
        <Dialog title={t('signOut')} onClose={() => setUnsent(null)}>
          <p>{t('signOutSure')}</p>
          {unsent > 0 && <p>{t('signOutUnsent', { n: unsent })}</p>}
          <Wrong>{wrong}</Wrong>
          <div className="dialog-actions">
            <Button className="quiet-button" data-danger isDisabled={busy} onPress={() => out(false)}>
              {unsent > 0 ? t('signOutDelete') : t('signOutDevice')}
            </Button>
            {unsent > 0 && (
              <Button className="main-button" isDisabled={busy} onPress={() => out(true)}>
                {t('signOutKeep')}
              </Button>
            )}
          </div>
        </Dialog>
      )}
    </section>
  );
}
