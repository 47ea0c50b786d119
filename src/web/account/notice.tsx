import type { ReactNode } from 'react';
import { Wordmark } from './wordmark.tsx';

/** A full page with one sentence and one thing to do. */
export function Notice({ children, action }: { children: ReactNode; action: ReactNode }) {
  return (
    <main className="notice">
      <Wordmark as="h1" />
      <p>{children}</p>
      {action}
    </main>
  );
}
