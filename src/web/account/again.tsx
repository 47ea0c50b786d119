import type { ReactNode } from 'react';

/** The one thing to do on a page that says why there is nothing else. */
export function Again({ onPress, children }: { onPress(): void; children: ReactNode }) {
  return (
    <button type="button" className="main-button" onClick={onPress}>
      {children}
    </button>
  );
}
