/** Lies over the conversation for as long as files are dragged over the page. */
import { useEffect, useRef, useState } from 'react';
import type { ConversationView } from '../../client/views.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { titleOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { attachFiles } from './attaching.ts';
import './drop-surface.css';

interface Props {
  readonly view: ConversationView;
  onDrop(): void;
}

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;

export function DropSurface({ view, onDrop }: Props) {
  const messenger = useMessenger();
  const name = useView((messenger) => titleOf(messenger, view));
  const [over, setOver] = useState(false);
  const dropped = useRef(onDrop);
  dropped.current = onDrop;
  useEffect(() => {
    // Each element that is entered tells of it, before the one that is left does.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (hasFiles(event)) setOver(++depth > 0);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      setOver(depth > 0);
    };
    // Elsewhere on the page the browser would open the file, and what is being written would be gone.
    const hover = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const items = [...event.dataTransfer!.items].filter(({ kind }) => kind === 'file');
      const isFolder = (item: DataTransferItem) => item.webkitGetAsEntry()?.isDirectory === true;
      const files = items.filter((item) => !isFolder(item)).flatMap((item) => item.getAsFile() ?? []);
      void attachFiles(messenger, view.id, files, { folders: items.some(isFolder) });
      dropped.current();
    };
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
    };
  }, [messenger, view.id]);
  return over ? (
    <div className="drop-surface" aria-hidden="true">
      <p>{t('dropHere', { name })}</p>
    </div>
  ) : null;
}
