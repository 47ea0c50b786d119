import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { t } from '../text/text.ts';
import { IconButton } from './icon-button.tsx';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  onClose(): void;
}

/** Is open for as long as it is there. */
export function Dialog({ title, children, onClose }: Props) {
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
