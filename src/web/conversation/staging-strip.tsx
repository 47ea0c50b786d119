/** What goes with the next message, above where it is written. */
import { FileText, Image, Plus, X } from 'lucide-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { StagedFile } from '../../client/views.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { sizeText } from '../text/size.ts';
import { t } from '../text/text.ts';
import { forgetWrong, onWrong, wrongIn } from './attaching.ts';
import { useContent } from './use-content.ts';
import './staging-strip.css';

interface Props {
  readonly conversation: string;
  onMore(): void;
  /** What is attached is another: one goes on writing. */
  onChange(): void;
}

export function StagingStrip({ conversation, onMore, onChange }: Props) {
  const messenger = useMessenger();
  const files = useView((messenger) => messenger.staged(conversation));
  const wrong = useSyncExternalStore(onWrong, () => wrongIn(conversation));
  const count = useRef(files.length);
  useEffect(() => {
    if (count.current !== files.length) onChange();
    // Sent, or all taken away.
    if (files.length === 0 && count.current > 0) forgetWrong();
    count.current = files.length;
  }, [files.length, onChange]);
  return (
    <>
      <p className="unseen" role="status">
        {files.length > 0 && t('attached', { n: files.length })}
      </p>
      {wrong !== '' && (
        <p className="staging-wrong" role="alert">
          <span dir="auto">{wrong}</span>
          <IconButton icon={X} label={t('close')} onPress={() => forgetWrong()} />
        </p>
      )}
      {files.length > 0 && (
        <ul className="staging">
          {files.map((file) => (
            <Staged key={file.key} file={file} onRemove={() => messenger.unstage(conversation, file.key)} />
          ))}
          <li className="staged-more">
            <IconButton icon={Plus} label={t('attachMore')} onPress={onMore} />
          </li>
        </ul>
      )}
    </>
  );
}

function Staged({ file, onRemove }: { file: StagedFile; onRemove(): void }) {
  const { key, name, bytes, as, width } = file;
  const isShown = as === 'picture' && width !== undefined;
  const address = useContent(key, isShown);
  const Icon = as === 'picture' ? Image : FileText;
  return (
    <li className="staged" data-kind={isShown ? 'picture' : 'file'} title={name}>
      {isShown ? (
        address && <img src={address} alt={name} decoding="async" />
      ) : (
        <>
          <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
          <span className="staged-words">
            <span className="staged-name one-line" dir="auto">
              {name}
            </span>
            <span className="staged-size">{sizeText(bytes)}</span>
          </span>
        </>
      )}
      <IconButton icon={X} label={t('detach', { name })} onPress={onRemove} />
    </li>
  );
}
