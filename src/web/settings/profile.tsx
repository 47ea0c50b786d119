import type { Profile } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { NameForm } from '../parts/name-form.tsx';
import { bringPicture, PictureChooser } from '../parts/picture-chooser.tsx';
import { t } from '../text/text.ts';

export function ProfileForm({ profile }: { profile: Profile }) {
  const messenger = useMessenger();
  return (
    <section className="panel-group">
      <div className="profile">
        <PersonAvatar user={profile.user} size="profile" />
        <p className="hint">@{profile.name}</p>
        <PictureChooser
          of="person"
          has={profile.picture !== undefined}
          use={async (content) => {
            await messenger.setPicture(await bringPicture(await messenger.openSelf(), content));
          }}
          remove={async () => void (await messenger.setPicture(null))}
        />
      </div>
      <NameForm
        label={t('displayName')}
        name={profile.displayName}
        complete="name"
        maxLength={64}
        onSave={(name) => messenger.setDisplayName(name)}
      />
    </section>
  );
}
