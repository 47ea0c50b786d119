import { useState } from 'react';
import { Button, Form, Input, Label, Radio, RadioGroup, TextField } from 'react-aria-components';
import type { HistoryRule } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Panel, Wrong } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { t } from '../text/text.ts';
import { ChosenPeople, useChosen } from './chosen.tsx';
import { PeoplePicker } from './picker.tsx';

export function NewGroup() {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const { chosen, users, toggle } = useChosen();
  const [title, setTitle] = useState('');
  const [history, setHistory] = useState<HistoryRule>('joined');
  const create = () =>
    act(async () => {
      const id = await messenger.createGroup(title.trim(), [...users], history);
      go({ at: 'conversation', id, details: false });
    });
  return (
    <Panel title={t('newGroup')} onBack={() => go({ at: 'new' })}>
      <Form
        className="panel-group"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TextField className="field" value={title} onChange={setTitle} isRequired>
          <Label>{t('groupName')}</Label>
          <Input dir="auto" />
        </TextField>
        <RadioGroup className="choices" value={history} onChange={(rule) => setHistory(rule as HistoryRule)}>
          <Label className="label">{t('historyRule')}</Label>
          <Radio className="choice" value="joined">
            {t('historyJoined')}
          </Radio>
          <Radio className="choice" value="all">
            {t('historyAll')}
          </Radio>
        </RadioGroup>
        <ChosenPeople chosen={chosen} onRemove={toggle} />
        <Wrong>{wrong}</Wrong>
        <Button className="main-button" type="submit" isDisabled={busy || title.trim() === ''}>
          {t('create')}
        </Button>
      </Form>
      <PeoplePicker chosen={users} onChoose={toggle} />
    </Panel>
  );
}
