/** What one may attach: by the system's own ways of choosing. */
import { Camera, File as FileIcon, Image } from 'lucide-react';
import { useMessenger } from '../messenger.tsx';
import { useTouch } from '../parts/media.ts';
import { type Action, MenuAt } from '../parts/menu-at.tsx';
import { t } from '../text/text.ts';
import { attachFiles } from './attaching.ts';

interface Props {
  readonly conversation: string;
  readonly button: HTMLElement;
  onClose(): void;
}

export function AttachMenu({ conversation, button, onClose }: Props) {
  const messenger = useMessenger();
  // Where one touches the screen there is a camera that the system opens by itself.
  const touch = useTouch();
  const choose = (options: { accept?: string; capture?: string; asFiles?: boolean }) => {
    const { asFiles = false, ...attributes } = options;
    pick(attributes, (files) => void attachFiles(messenger, conversation, files, { asFiles }));
  };
  const camera: Action = {
    label: 'attachCamera',
    icon: Camera,
    run: () => choose({ accept: 'image/*', capture: 'environment' }),
  };
  const actions: readonly Action[] = [
    { label: 'attachPhoto', icon: Image, run: () => choose({ accept: 'image/*,video/*' }) },
    { label: 'attachFile', icon: FileIcon, run: () => choose({ asFiles: true }) },
    ...(touch ? [camera] : []),
  ];
  return <MenuAt label={t('attach')} actions={actions} element={button} point={null} onClose={onClose} />;
}

/** Some browsers tell of a choice only while the field is in the page. */
function pick(attributes: Readonly<Record<string, string>>, run: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.hidden = true;
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  input.addEventListener('change', () => {
    run([...(input.files ?? [])]);
    input.remove();
  });
  input.addEventListener('cancel', () => input.remove());
  document.body.append(input);
  input.click();
}
