import { Button } from 'react-aria-components';
import { useMessenger, useView } from '../messenger.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { say } from '../parts/toast.tsx';
import { t } from '../text/text.ts';

/** Asks before: nothing takes it back, and the others see it. */
export function ReadAll({ onClose }: { onClose(): void }) {
  const messenger = useMessenger();
  const n = useView(
    (messenger) =>
      messenger.inbox().conversations.filter(({ unread, request }) => unread > 0 && request === null).length,
  );
  const read = () => {
    void messenger.markAllRead();
    say(t('allRead', { n }));
    onClose();
  };
  return (
    <Dialog title={t('markAllRead')} onClose={onClose}>
      <p>{n > 0 ? t('markAllReadSure', { n }) : t('nothingUnread')}</p>
      <div className="dialog-actions">
        {n > 0 ? (
          <Button className="main-button" autoFocus onPress={read}>
            {t('markAllRead')}
          </Button>
        ) : (
          <Button className="main-button" autoFocus onPress={onClose}>
            {t('close')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
