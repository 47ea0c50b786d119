/** The files of one's own message while they come up from this device: what they are, how far, and how to stop. */
import { FileText, Image, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { PendingMessage, UploadView } from '../../client/views.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { sizesText, sizeText } from '../text/size.ts';
import { sentenceOf, t } from '../text/text.ts';
import { placeOfPictures, SHOWN_MAX } from './picture-place.ts';
import { useContent } from './use-content.ts';
import './files.css';
import './pictures.css';
import './uploading.css';

type Drawn = UploadView & { readonly width: number; readonly height: number };
const isDrawn = (upload: UploadView): upload is Drawn => upload.as === 'picture' && (upload.width ?? 0) > 0;

export function Uploads({ pending }: { pending: PendingMessage }) {
  const { uploads, state } = pending;
  const pictures = uploads.filter(isDrawn);
  const others = uploads.filter((upload) => !isDrawn(upload));
  return (
    <>
      {pictures.length > 0 && <Pictures uploads={pictures} />}
      {others.length > 0 && (
        <div className="files">
          {others.map((upload) => (
            <Row key={upload.key} upload={upload} />
          ))}
        </div>
      )}
      {state === 'uploading' && <Progress pending={pending} />}
    </>
  );
}

/** In the place that they will have once they are sent. */
function Pictures({ uploads }: { uploads: readonly Drawn[] }) {
  const { width, ratio } = placeOfPictures(uploads.map((upload) => ({ ...upload, id: upload.key })));
  const shown = uploads.slice(0, SHOWN_MAX);
  return (
    <div className="pictures" data-count={shown.length} style={{ inlineSize: width, aspectRatio: ratio }}>
      {shown.map((upload) => (
        <div key={upload.key} className="picture">
          <Drawing upload={upload} />
        </div>
      ))}
    </div>
  );
}

function Drawing({ upload: { key, name } }: { upload: UploadView }) {
  const address = useContent(key, true);
  return address && <img className="upload-picture" src={address} alt={name} decoding="async" />;
}

function Row({ upload: { name, bytes, as } }: { upload: UploadView }) {
  const Icon = as === 'picture' ? Image : FileText;
  return (
    <p className="file">
      <Icon aria-hidden="true" />
      <span className="file-name one-line" dir="auto">
        {name}
      </span>
      <span className="file-size">{sizeText(bytes)}</span>
    </p>
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

function Progress({ pending: { key, uploads, code } }: { pending: PendingMessage }) {
  const messenger = useMessenger();
  const online = useView((messenger) => messenger.status().state === 'online');
  const all = sum(uploads.map(({ bytes }) => bytes));
  const done = sum(uploads.map(({ sent }) => sent));
  const percent = all === 0 ? 0 : Math.floor((100 * done) / all);
  const words = t('ofSize', sizesText(done, all));
  return (
    <div className="upload">
      <div className="upload-ring">
        <svg
          viewBox="0 0 32 32"
          role="progressbar"
          aria-label={t('uploadOf', { n: uploads.length, name: uploads[0]!.name })}
          aria-valuenow={percent}
          aria-valuetext={words}
        >
          <circle cx="16" cy="16" r="14" />
          <circle cx="16" cy="16" r="14" pathLength="100" strokeDasharray={`${percent} 100`} />
        </svg>
        <Button className="upload-cancel" aria-label={t('cancelUpload')} onPress={() => void messenger.discard(key)}>
          <X size={16} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      </div>
      <p>
        {code !== null ? (
          sentenceOf(code)
        ) : online ? (
          <>
            <span className="upload-percent">{t('percent', { n: percent })}</span> {words}
          </>
        ) : (
          t('waiting')
        )}
      </p>
    </div>
  );
}

/** Why a message was refused for one of its files, and what to do. */
export function UploadRefused({ pending: { key, uploads, code } }: { pending: PendingMessage }) {
  const messenger = useMessenger();
  const { name, bytes } = uploads.find((upload) => upload.code !== null)!;
  if (code === 'file_too_large') {
    return t('fileTooLarge', { name, size: sizeText(bytes), limit: sizeText(messenger.fileBytes()) });
  }
  if (code !== 'unreadable_picture') return t('refused', { why: sentenceOf(code ?? 'internal') });
  return (
    <>
      {t('pictureUnread', { n: uploads.length, name })}{' '}
      <Button className="text-button" onPress={() => void messenger.retry(key, { as: 'file' })}>
        {t('sendAsFile')}
      </Button>
    </>
  );
}
