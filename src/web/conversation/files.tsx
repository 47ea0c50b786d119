/** The files of a message, each by its name and size; a click saves it. */
import { FileText, Image } from 'lucide-react';
import { Button } from 'react-aria-components';
import { cleanFileName } from '../../core/file-name.ts';
import type { FileInfo } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { sizeText } from '../text/size.ts';
import { t } from '../text/text.ts';
import './files.css';

interface Props {
  readonly conversation: string;
  readonly files: readonly FileInfo[];
  /** The message is stored: only then can its files be fetched. */
  readonly stored: boolean;
}

export function Files({ conversation, files, stored }: Props) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const save = (file: FileInfo) =>
    act(async () => {
      const { addresses } = await messenger.addresses(conversation, [file.id]);
      const [address] = addresses;
      if (!address) throw new Error('gone');
      const link = document.createElement('a');
      link.href = address.file;
      link.download = cleanFileName(file.name);
      link.click();
    });
  return (
    <div className="files">
      {files.map((file) => {
        const name = cleanFileName(file.name);
        const Icon = file.width === undefined ? FileText : Image;
        return (
          <Button key={file.id} className="file" isDisabled={busy || !stored} onPress={() => void save(file)}>
            <Icon aria-hidden="true" />
            <span className="unseen">{t('save')}</span>
            <span className="file-name one-line" dir="auto">
              {name}
            </span>
            <span className="file-size">{sizeText(file.bytes)}</span>
          </Button>
        );
      })}
      {wrong && <p role="alert">{t('fileGone')}</p>}
    </div>
  );
}
