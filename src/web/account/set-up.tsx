import { useState } from 'react';
import type { ServerView } from '../../client/index.ts';
import type { Join, People } from '../../protocol/community.ts';
import { Choices } from '../parts/choices.tsx';
import { t } from '../text/text.ts';
import { JOIN_NAMES, JOINS, PEOPLE, PEOPLE_NAMES } from './community.ts';
import { Door, DoorForm, Field, NewAccountFields, newAccount } from './door.tsx';
import type { Answers } from './session.ts';

interface Props {
  readonly server: ServerView;
  onAnswers(answers: Answers): Promise<void>;
}

/** The first account of a server: its owner's. */
export function SetUp({ server, onAnswers }: Props) {
  const [join, setJoin] = useState<Join>('invited');
  const [people, setPeople] = useState<People>('known');
  return (
    <Door name={t('setUpHeading')} title={t('setUpTitle')}>
      <DoorForm
        action={t('setUp')}
        onSubmit={(text) => {
          const name = text('serverName').trim() || server.name;
          return onAnswers({ ...newAccount(text), community: { name, join, people } });
        }}
      >
        <Field
          name="serverName"
          label={t('serverName')}
          hint={t('serverNameHint')}
          value={server.name}
          complete="organization"
          words
        />
        <NewAccountFields />
        <details className="door-choices">
          <summary>
            <span className="label">{t('setUpChoices')}</span>
            <span className="hint">{t('setUpChosen', { join, people })}</span>
          </summary>
          <Choices label={t('whoJoins')} all={JOINS} chosen={join} onChoose={(one) => setJoin(one)}>
            {(one) => t(JOIN_NAMES[one])}
          </Choices>
          <Choices label={t('whoKnows')} all={PEOPLE} chosen={people} onChoose={(one) => setPeople(one)}>
            {(one) => t(PEOPLE_NAMES[one])}
          </Choices>
          <p className="hint">
            {t('peopleHint', { people })} {t('setUpLater')}
          </p>
        </details>
      </DoorForm>
    </Door>
  );
}
