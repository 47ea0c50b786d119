import { useRef, useState } from 'react';
import { Button, Form } from 'react-aria-components';
import type { HistoryRule, Lifetime } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { Choices } from '../parts/choices.tsx';
import { NameField, useNameAct } from '../parts/name-form.tsx';
import { Panel, Wrong } from '../parts/panel.tsx';
import { bringPicture, PictureChooser, PicturePreview } from '../parts/picture-chooser.tsx';
import { go } from '../router.ts';
import { t } from '../text/text.ts';
import { ChosenPeople, useChosen } from './chosen.tsx';
import { Keep } from './keep.tsx';
import { PeoplePicker } from './picker.tsx';

const FORM = 'new-group';

export function NewGroup() {
  const messenger = useMessenger();
  const { busy, act, forget, form, below } = useNameAct();
  const { chosen, users, toggle } = useChosen();
  const [title, setTitle] = useState('');
  const [history, setHistory] = useState<HistoryRule>('joined');
  const [picture, setPicture] = useState<Blob | null>(null);
  const made = useRef<string | null>(null);
  const [lifetime, setLifetime] = useState<Lifetime>({ kind: 'always' });
  const create = () =>
    act(async () => {
      // What failed after it was made does not make another one.
      made.current ??= await messenger.createGroup(title.trim(), [...users], history, lifetime);
      const id = made.current;
      if (picture) await messenger.setGroupPicture(id, await bringPicture(id, picture));
      go({ at: 'conversation', id });
    });
  const button = (
    <Button className="main-button" type="submit" form={FORM} isDisabled={busy}>
      {t('create')}
    </Button>
  );
  return (
    <Panel title={t('newGroup')} foot={button} onBack={() => go({ at: 'new' })}>
      <Form
        id={FORM}
        className="panel-group"
        {...form}
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <NameField
          label={t('groupName')}
          text={title}
          onWrite={(written) => {
            setTitle(written);
            forget();
          }}
        />
        <div className="profile">
          {picture && <PicturePreview content={picture} of="group" />}
          <PictureChooser
            of="group"
            has={picture !== null}
            use={async (content) => setPicture(content)}
            remove={async () => setPicture(null)}
          />
        </div>
        <Choices
          label={t('historyRule')}
          all={['joined', 'all'] as const}
          chosen={history}
          onChoose={(rule) => setHistory(rule)}
        >
          {(one) => t(one === 'all' ? 'historyAll' : 'historyJoined')}
        </Choices>
        <Keep lifetime={lifetime} offers="both" onChange={setLifetime} />
        <ChosenPeople chosen={chosen} onRemove={toggle} />
        <Wrong>{below}</Wrong>
      </Form>
      <PeoplePicker chosen={users} onChoose={toggle} />
    </Panel>
  );
}
