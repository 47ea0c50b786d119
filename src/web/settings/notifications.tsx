import { t } from '../text/text.ts';

/** The one place that says what plain http keeps from working. */
export function Notifications() {
  return (
    <section className="panel-group">
      <p>{t('notifyTitle')}</p>
      <p className="hint">{isSecureContext ? t('notifyLater') : t('notifyHttps')}</p>
    </section>
  );
}
