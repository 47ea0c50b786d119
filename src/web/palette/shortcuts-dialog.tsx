import { Dialog } from '../parts/dialog.tsx';
import { Shortcuts } from '../settings/shortcuts.tsx';
import { t } from '../text/text.ts';
import '../settings/settings.css';

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={t('shortcuts')} onClose={onClose}>
      <Shortcuts />
    </Dialog>
  );
}
