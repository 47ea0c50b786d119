import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Panel, Wrong } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { t } from '../text/text.ts';
import { Accounts } from './accounts.tsx';
import { Devices } from './devices.tsx';
import { Privacy } from './privacy.tsx';
import { ProfileForm } from './profile.tsx';

export function Settings({ onSignOut }: { onSignOut(): Promise<void> }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const profile = useView(() => messenger.profile(messenger.user));
  return (
    <Panel title={t('settings')} onBack={() => go({ at: 'inbox' })}>
      {profile && <ProfileForm key={profile.version} profile={profile} />}
      <Accounts />
      <Devices />
      <Privacy />
      <section className="panel-group">
        <Wrong>{wrong}</Wrong>
        <button type="button" className="quiet-button" data-danger disabled={busy} onClick={() => void act(onSignOut)}>
          {t('signOut')}
        </button>
      </section>
    </Panel>
  );
}
