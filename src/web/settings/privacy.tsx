import { Label, Radio, RadioGroup } from 'react-aria-components';
import { AUDIENCES, DEFAULT_AUDIENCE, settingKey } from '../../protocol/settings.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Wrong } from '../parts/panel.tsx';
import { t } from '../text/text.ts';

export function Privacy() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const audience = useView((messenger) => messenger.setting(settingKey.presence) || DEFAULT_AUDIENCE);
  return (
    <section className="panel-group">
      <RadioGroup
        className="choices"
        value={audience}
        onChange={(next) => void act(() => messenger.set(settingKey.presence, next))}
      >
        <Label className="label">{t('presence')}</Label>
        {AUDIENCES.map((one) => (
          <Radio key={one} className="choice" value={one}>
            {t(one)}
          </Radio>
        ))}
      </RadioGroup>
      <Wrong>{wrong}</Wrong>
    </section>
  );
}
