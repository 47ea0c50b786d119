import type { ReactNode } from 'react';
import { t } from '../text/text.ts';
import './door.css';

/** A full page with one sentence and one thing to do. */
export function Notice({ children, action }: { children: ReactNode; action: ReactNode }) {
  return (
    <main className="notice">
      <h1 className="unseen">{t('app')}</h1>
      <p>{children}</p>
      {action}
    </main>
  );
}
