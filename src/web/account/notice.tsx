import type { ReactNode } from 'react';
import './sign-in.css';

/** A full page with one sentence and one thing to do. */
export function Notice({ children, action }: { children: ReactNode; action: ReactNode }) {
  return (
    <main className="notice">
      <p>{children}</p>
      {action}
    </main>
  );
}
