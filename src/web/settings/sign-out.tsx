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

export function SignOut({ onSignOut }: Props) {
  const [leaving, setLeaving] = useState(false);
  return (
    <section className="panel-group">
      <button type="button" className="quiet-button" data-danger onClick={() => setLeaving(true)}>
        {t('signOut')}
      </button>
      {leaving && <SignOutDialog onSignOut={onSignOut} onClose={() => setLeaving(false)} />}
    </section>
  );
}

/** Says what becomes of what is kept here, before it is gone. */
export function SignOutDialog({ onSignOut, onClose }: Props & { onClose(): void }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const [unsent] = useState(() => countUnsent(messenger));
  const out = (keep: boolean) => void act(() => onSignOut(keep));
  return (
    <Dialog title={t('signOut')} onClose={onClose}>
      <p>{t('signOutSure')}</p>
      {unsent > 0 && <p>{t('signOutUnsent', { n: unsent })}</p>}
      <Wrong>{wrong}</Wrong>
      <div className="dialog-actions">
        <Button className="quiet-button" onPress={onClose}>
          {t('cancel')}
        </Button>
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
  );
}
