import { useMessenger, useView } from '../messenger.tsx';
import { Panel } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { t } from '../text/text.ts';
import { Accounts } from './accounts.tsx';
import { Devices } from './devices.tsx';
import { Privacy } from './privacy.tsx';
import { ProfileForm } from './profile.tsx';
import { SignOut } from './sign-out.tsx';

interface Props {
  onSignOut(keep: boolean): Promise<void>;
}

export function Settings({ onSignOut }: Props) {
  const messenger = useMessenger();
  const profile = useView(() => messenger.profile(messenger.user));
  return (
    <Panel title={t('settings')} onBack={() => go({ at: 'inbox' })}>
      {profile && <ProfileForm key={profile.version} profile={profile} />}
      <Accounts />
      <Devices />
      <Privacy />
      <SignOut onSignOut={onSignOut} />
    </Panel>
  );
}
