import { t } from '../text/text.ts';
import './skeleton.css';

const ROWS = [1, 2, 3, 4, 5, 6];

export function SkeletonRows() {
  return (
    <div className="skeleton" role="status" aria-label={t('loading')}>
      {ROWS.map((row) => (
        <div className="skeleton-row" key={row}>
          <span className="skeleton-bar" />
          <span className="skeleton-bar" />
        </div>
      ))}
    </div>
  );
}

export function SkeletonBubbles() {
  return (
    <div className="skeleton skeleton-bubbles" role="status" aria-label={t('loading')}>
      {ROWS.map((row) => (
        <span className="skeleton-bubble" key={row} />
      ))}
    </div>
  );
}
