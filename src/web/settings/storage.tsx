import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { countUnsent, databaseOf } from '../account/session.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useRoute } from '../router.ts';
import { t } from '../text/text.ts';
import { type Kept, lookAtKept } from './kept.ts';

/** What this browser holds of the account, and how to be rid of it. */
export function StorageSettings() {
  const messenger = useMessenger();
  const { slot } = useRoute();
  const database = databaseOf(slot, messenger.user);
  const unsent = useView(countUnsent);
  const [kept, setKept] = useState<Kept | 'nothing' | null>(null);
  useEffect(() => void lookAtKept(database).then(setKept, () => setKept('nothing')), [database]);
  const clear = async () => {
    await messenger.close();
    indexedDB.deleteDatabase(database).onsuccess = () => location.reload();
  };
  if (kept === null) return null;
  if (kept === 'nothing') return <p>{t('storageNone')}</p>;
  return (
    <section className="panel-group">
      <p>
        {t('storageKept', { chats: kept.chats, messages: kept.messages })}
        {kept.bytes !== null && ` ${t('storageSize', { megabytes: Math.ceil(kept.bytes / 1e5) / 10 })}`}
      </p>
      <Button className="quiet-button" isDisabled={unsent > 0} onPress={() => void clear()}>
        {t('storageClear')}
      </Button>
      <p className="hint">{unsent > 0 ? t('storageUnsent', { n: unsent }) : t('storageClearHint')}</p>
    </section>
  );
}
