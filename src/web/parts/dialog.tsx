import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { t } from '../text/text.ts';
import { IconButton } from './icon-button.tsx';

/** Of the platform, newer than what the compiler knows. */
declare const CloseWatcher: new () => { onclose: (() => void) | null; destroy(): void };

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  onClose(): void;
}

/** Is open for as long as it is there. */
export function Dialog({ title, children, onClose }: Props) {
  useCloseRequest(onClose);
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(open) => open || onClose()}>
      <Modal className="dialog">
        <AriaDialog>
          <header className="dialog-bar">
            <Heading slot="title">{title}</Heading>
            <IconButton icon={X} label={t('close')} slot="close" />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What a system has for closing what is open, as the Back of Android, closes this and not the page below it. */
function useCloseRequest(onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    if (!('CloseWatcher' in window)) return;
    const watcher = new CloseWatcher();
    watcher.onclose = () => latest.current();
    return () => watcher.destroy();
  }, []);
}
