import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { t } from '../text/text.ts';
import { useAct } from './act.ts';
import { Dialog } from './dialog.tsx';
import { Wrong } from './panel.tsx';

interface Props {
  readonly title: string;
  /** What it does, and to whom. */
  readonly children: ReactNode;
  readonly action: string;
  /** It destroys something. */
  readonly isDanger?: boolean;
  onAct(): Promise<unknown>;
  onClose(): void;
}

/** Asks before what cannot be taken back; stays open and says why when it was not done. */
export function Sure({ title, children, action, isDanger = true, onAct, onClose }: Props) {
  const { busy, wrong, act } = useAct();
  const go = async () => {
    if (await act(onAct)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <Wrong>{wrong}</Wrong>
      <div className="dialog-actions">
        <Button className="quiet-button" onPress={onClose}>
          {t('cancel')}
        </Button>
        <Button
          className={isDanger ? 'quiet-button' : 'main-button'}
          data-danger={isDanger || undefined}
          isDisabled={busy}
          onPress={() => void go()}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
