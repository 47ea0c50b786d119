import { useEffect, useState } from 'react';
import { useView } from '../messenger.tsx';
import { t } from '../text/text.ts';

/** Short breaks are nobody's business. */
const PATIENCE_MS = 2_000;

/** A thin line that says that there is no connection, once that has lasted, or no room. */
export function ConnectionLine() {
  const state = useView((messenger) => messenger.status().state);
  const online = state === 'online';
  const kept = useView((messenger) => messenger.keeps());
  const [late, setLate] = useState(false);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (online) {
      setLate(false);
      setBroken(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [online]);
  // A try to connect does not make it less offline.
  useEffect(() => {
    if (state === 'offline') setBroken(true);
  }, [state]);
  return (
    <p className="connection" role="status">
      {!kept
        ? t('notKept')
        : !online && (late || (broken && !navigator.onLine)) && (broken ? t('offline') : t('connecting'))}
    </p>
  );
}
