import { useMessenger, useView } from '../messenger.tsx';
import { ProfileForm } from './profile.tsx';
import { SignOut } from './sign-out.tsx';
import { WaysBack } from './ways-back.tsx';

interface Props {
  onSignOut(keep: boolean): Promise<void>;
}

export function AccountSettings({ onSignOut }: Props) {
  const messenger = useMessenger();
  const profile = useView(() => messenger.profile(messenger.user));
  return (
    <>
      {profile && <ProfileForm key={profile.version} profile={profile} />}
      {profile && <WaysBack name={profile.name} />}
      <SignOut onSignOut={onSignOut} />
    </>
  );
}
