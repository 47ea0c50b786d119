/** What people have reported, for those who run the server. */
import { useCallback, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Report } from '../../client/index.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Wrong } from '../parts/panel.tsx';
import { Sure } from '../parts/sure.tsx';
import { Toggle } from '../parts/toggle.tsx';
import { REASON_NAMES } from '../people/reasons.ts';
import { nameOf } from '../text/people.ts';
import '../text/safety.ts';
import { t } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';

interface Page {
  readonly reports: readonly Report[];
  readonly next: string | null;
}

export function Reports({ isOwner }: { isOwner: boolean }) {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const [doneToo, setDoneToo] = useState(false);
  const [page, setPage] = useState<Page | null>(null);
  const load = useCallback(
    async (after: string | null, before: readonly Report[]) => {
      const { reports, next } = await messenger.reports(!doneToo, after);
      setPage({ reports: [...before, ...reports], next });
    },
    [messenger, doneToo],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and for the other list
  useEffect(() => void act(() => load(null, [])), [load]);
  const settle = (id: string, done: boolean) =>
    void act(async () => {
      const settled = await messenger.settleReport(id, done);
      setPage((held) => held && { ...held, reports: held.reports.map((one) => (one.id === id ? settled : one)) });
    });
  return (
    <section className="panel-group">
      <h2 id="reports">{t('reports')}</h2>
      <Toggle label={t('reportsDoneToo')} on={doneToo} onChange={setDoneToo} />
      <Wrong>{wrong}</Wrong>
      {page?.reports.length === 0 && <p className="hint">{t(doneToo ? 'noReportsAtAll' : 'noReports')}</p>}
      <ul className="reports" aria-labelledby="reports">
        {page?.reports.map((one) => (
          <ReportRow key={one.id} report={one} isOwner={isOwner} onSettle={(done) => settle(one.id, done)} />
        ))}
      </ul>
      {page?.next != null && (
        <Button className="quiet-button" onPress={() => void act(() => load(page.next, page.reports))}>
          {t('moreReports')}
        </Button>
      )}
    </section>
  );
}

interface RowProps {
  readonly report: Report;
  readonly isOwner: boolean;
  onSettle(done: boolean): void;
}

function ReportRow({ report: { at, by, about, reason, comment, message, done }, isOwner, onSettle }: RowProps) {
  const messenger = useMessenger();
  const now = Date.now();
  const who = useView((messenger) => nameOf(messenger, about));
  const from = useView((messenger) => nameOf(messenger, by));
  const closer = useView((messenger) => (done ? nameOf(messenger, done.by) : ''));
  const role = useView((messenger) => messenger.profile(about)?.role);
  const [out, setOut] = useState(false);
  const wasOut = useView((messenger) => messenger.profile(about)?.deactivated === true);
  const isOut = out || wasOut;
  const [asked, setAsked] = useState(false);
  const below = role !== undefined && role !== 'owner' && (isOwner || role !== 'admin') && about !== messenger.user;
  const title = t('reportOf', { reason: t(REASON_NAMES[reason]), about: who });
  return (
    <li className="report">
      <h3 dir="auto">{title}</h3>
      <p className="hint" dir="auto">
        {t('reportBy', { by: from, at: dayAndTime(at, now) })}
      </p>
      {comment !== '' && <p dir="auto">{comment}</p>}
      {message && message.text !== null && <blockquote dir="auto">{message.text}</blockquote>}
      {message && message.text === null && (
        <p className="hint">{t('reportNoCopy', { at: dayAndTime(message.at, now) })}</p>
      )}
      {done && <p className="hint">{t('reportDoneBy', { by: closer, at: dayAndTime(done.at, now) })}</p>}
      <div className="report-actions">
        <Button
          className="quiet-button"
          aria-label={t(done ? 'reportReopenOf' : 'reportSettleOf', { about: title })}
          onPress={() => onSettle(done === null)}
        >
          {t(done ? 'reportReopen' : 'reportSettle')}
        </Button>
        {below && !isOut && (
          <Button className="quiet-button" data-danger onPress={() => setAsked(true)}>
            {t('reportDeactivate', { name: who })}
          </Button>
        )}
        {isOut && <span className="hint">{t('accountDeactivated')}</span>}
      </div>
      {asked && (
        <Sure
          title={t('reportDeactivate', { name: who })}
          action={t('deactivate')}
          onAct={async () => setOut((await messenger.deactivate(about)).deactivated === true)}
          onClose={() => setAsked(false)}
        >
          {t('reportDeactivateSure', { name: who })}
        </Sure>
      )}
    </li>
  );
}
