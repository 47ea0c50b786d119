import { t } from '../text/text.ts';
import './door.css';

/** The mark and the name, on the pages that stand before everything. */
export function Wordmark({ as: Tag }: { as: 'h1' | 'p' }) {
  return (
    <Tag className="wordmark">
      <span className="mark" />
      {t('app')}
    </Tag>
  );
}
