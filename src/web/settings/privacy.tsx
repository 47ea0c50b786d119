import { AUDIENCES, type Audience, DEFAULT_AUDIENCE, settingKey } from '../../protocol/settings.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Choices } from '../parts/choices.tsx';
import { Wrong } from '../parts/panel.tsx';
import { t } from '../text/text.ts';
import { BlockedPeople } from './blocked.tsx';

export function Privacy() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const audience = useView((messenger) => (messenger.setting(settingKey.presence) || DEFAULT_AUDIENCE) as Audience);
  return (
    <>
      <section className="panel-group">
        <Choices
          label={t('presence')}
          all={AUDIENCES}
          chosen={audience}
          onChoose={(next) => void act(() => messenger.set(settingKey.presence, next))}
        >
          {(one) => t(one)}
        </Choices>
        <Wrong>{wrong}</Wrong>
      </section>
      <BlockedPeople />
    </>
  );
}
