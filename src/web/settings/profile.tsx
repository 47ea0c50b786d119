import { useState } from 'react';
import { Button, FieldError, Form, Input, Label, TextField } from 'react-aria-components';
import type { Profile } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { PersonAvatar } from '../parts/avatar.tsx';
import { Wrong } from '../parts/panel.tsx';
import { bringPicture, PictureChooser } from '../parts/picture-chooser.tsx';
import { t } from '../text/text.ts';

export function ProfileForm({ profile }: { profile: Profile }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const [name, setName] = useState(profile.displayName);
  const changed = name.trim() !== profile.displayName;
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
      <Form
        className="panel-group"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed && name.trim() !== '') void act(() => messenger.setDisplayName(name.trim()));
        }}
      >
        <TextField className="field" value={name} onChange={setName} maxLength={64} isRequired>
          <Label>{t('displayName')}</Label>
          <Input dir="auto" autoComplete="name" autoCapitalize="words" />
          <FieldError className="wrong">{t('required')}</FieldError>
        </TextField>
        <Wrong>{wrong}</Wrong>
        {changed && (
          <Button className="main-button" type="submit" isDisabled={busy}>
            {t('save')}
          </Button>
        )}
      </Form>
    </section>
  );
}
