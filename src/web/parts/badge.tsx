import { countText } from '../text/people.ts';
import { t } from '../text/text.ts';
import './badge.css';

/** How many messages are unread. */
export function Badge({ count }: { count: number }) {
  return (
    <span className="badge">
      <span aria-hidden="true">{countText(count)}</span>
      <span className="unseen">{t('unread', { n: count, count: countText(count) })}</span>
    </span>
  );
}
