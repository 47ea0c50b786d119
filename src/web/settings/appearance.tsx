import { Switch } from 'react-aria-components';
import { ACCENTS, type Appearance, changeAppearance, SCALES, SCHEMES, useAppearance } from '../appearance.ts';
import { Choices } from '../parts/choices.tsx';
import type { TextKey } from '../text/en.ts';
import { t } from '../text/text.ts';

const SCHEME_NAMES: Record<Appearance['scheme'], TextKey> = {
  system: 'schemeSystem',
  light: 'schemeLight',
  dark: 'schemeDark',
};
const ACCENT_NAMES: Record<Appearance['accent'], TextKey> = {
  sea: 'accentSea',
  ink: 'accentInk',
  moss: 'accentMoss',
  plum: 'accentPlum',
  clay: 'accentClay',
  slate: 'accentSlate',
};

/** Each choice shows at once, and counts for this device. */
export function AppearanceSettings() {
  const { scheme, accent, scale, enterSends } = useAppearance();
  return (
    <>
      <section className="panel-group">
        <Choices label={t('scheme')} all={SCHEMES} chosen={scheme} onChoose={(scheme) => changeAppearance({ scheme })}>
          {(one) => t(SCHEME_NAMES[one])}
        </Choices>
      </section>
      <section className="panel-group">
        <Choices label={t('accent')} all={ACCENTS} chosen={accent} onChoose={(accent) => changeAppearance({ accent })}>
          {(one) => (
            <>
              {t(ACCENT_NAMES[one])}
              <span className="swatch" data-accent={one} />
            </>
          )}
        </Choices>
      </section>
      <section className="panel-group">
        <Choices label={t('textSize')} all={SCALES} chosen={scale} onChoose={(scale) => changeAppearance({ scale })}>
          {(one) => t('percent', { n: one })}
        </Choices>
      </section>
      <section className="panel-group">
        <Switch
          className="switch"
          isSelected={enterSends}
          onChange={(enterSends) => changeAppearance({ enterSends })}
          aria-describedby="enter-sends"
        >
          <span className="track" />
          {t('enterSends')}
        </Switch>
        <p className="hint" id="enter-sends">
          {t('enterSendsHint')}
        </p>
      </section>
    </>
  );
}
