/** What one gets in with: the password, and a code for the day that it is forgotten. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { changePassword } from '../../client/index.ts';
import { DoorForm, NewPasswordField, OldPasswordField, WhosePassword } from '../account/door.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useRoute } from '../router.ts';
import { t } from '../text/text.ts';
import { RecoveryCode } from './recovery-code.tsx';

export function WaysBack({ name }: { name: string }) {
  const [open, setOpen] = useState<'password' | 'recovery' | null>(null);
  const [changed, setChanged] = useState(false);
  return (
    <section className="panel-group">
      <Button className="quiet-button" onPress={() => setOpen('password')}>
        {t('changePassword')}
      </Button>
      <p className="hint" role="status">
        {changed && t('passwordChanged')}
      </p>
      <Button className="quiet-button" onPress={() => setOpen('recovery')}>
        {t('makeRecovery')}
      </Button>
      <p className="hint">{t('recoveryHint')}</p>
      {open === 'password' && (
        <ChangePassword
          name={name}
          onClose={() => setOpen(null)}
          onChanged={() => {
            setChanged(true);
            setOpen(null);
          }}
        />
      )}
      {open === 'recovery' && <RecoveryCode name={name} onClose={() => setOpen(null)} />}
    </section>
  );
}

interface OpenProps {
  readonly name: string;
  onClose(): void;
}

function ChangePassword({ name, onClose, onChanged }: OpenProps & { onChanged(): void }) {
  const { slot } = useRoute();
  return (
    <Dialog title={t('changePassword')} onClose={onClose}>
      <DoorForm
        action={t('changePassword')}
        onSubmit={async (text) => {
          await changePassword({ slot, old: text('old'), new: text('new') });
          onChanged();
        }}
      >
        <WhosePassword name={name} />
        <OldPasswordField label={t('oldPassword')} />
        <NewPasswordField name="new" />
      </DoorForm>
    </Dialog>
  );
}
