/** What those who run the server see of reports: open with a copy, open without one, and settled. */
import type { Messenger, Report } from '../../client/index.ts';
import { MessengerProvider } from '../messenger.tsx';
import { Reports } from '../settings/reports.tsx';
import '../settings/settings.css';
import { messengerOf } from './made-up.ts';

const report = (id: string, more: Partial<Report>): Report => ({
  id,
  at: Date.now() - 3_600_000,
  by: 'yuki',
  about: 'theo',
  reason: 'spam',
  comment: '',
  message: null,
  done: null,
  ...more,
});
const said = { conversation: 'garden', seq: 20, at: Date.now() - 7_200_000 };
const REPORTS: readonly Report[] = [
  report('1', { comment: 'Offered half the choir a share in a gold mine.', message: { ...said, text: 'Only today!' } }),
  report('2', { reason: 'harassment', about: 'long', message: { ...said, text: null } }),
  report('3', { reason: 'pretence', about: 'noor', done: { by: 'mara', at: Date.now() - 60_000 } }),
];

const told = (reports: readonly Report[]) =>
  ({ ...messengerOf({}), reports: async () => ({ reports, next: null }) }) as unknown as Messenger;

export function ReportLists() {
  return [REPORTS, []].map((reports) => (
    <MessengerProvider key={reports.length} value={told(reports)}>
      <Reports isOwner />
    </MessengerProvider>
  ));
}
