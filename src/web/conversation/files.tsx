/** The files of a message: its pictures, and the others each by its name and size; a click saves those. */
import { FileText } from 'lucide-react';
import { Button } from 'react-aria-components';
import { cleanFileName } from '../../core/file-name.ts';
import type { FileInfo } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { sizeText } from '../text/size.ts';
import { t } from '../text/text.ts';
import { isPicture } from './picture-place.ts';
import { Pictures } from './pictures.tsx';
import { saveFile } from './save-file.ts';
import './files.css';

interface Props {
  readonly conversation: string;
  readonly files: readonly FileInfo[];
  /** The message is stored: only then can its files be fetched. */
  readonly stored: boolean;
}

export function Files({ conversation, files, stored }: Props) {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return (
    <>
      {pictures.length > 0 && <Pictures conversation={conversation} pictures={pictures} stored={stored} />}
      {others.length > 0 && <Rows conversation={conversation} files={others} stored={stored} />}
    </>
  );
}

function Rows({ conversation, files, stored }: Props) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const save = (file: FileInfo) => act(() => saveFile(messenger, conversation, file));
  return (
    <div className="files">
      {files.map((file) => {
        const name = cleanFileName(file.name);
        return (
          <Button key={file.id} className="file" isDisabled={busy || !stored} onPress={() => void save(file)}>
            <FileText aria-hidden="true" />
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
