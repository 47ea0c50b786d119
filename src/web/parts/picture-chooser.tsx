/** A picture of oneself or of a group: chosen, looked at as others will see it, and taken away again. */
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { codeOf } from '../../client/failed.ts';
import { uploadFile } from '../../client/files.ts';
import type { FileInfo } from '../../protocol/entities.ts';
import { slotHere } from '../router.ts';
import { t } from '../text/text.ts';
import { useAct } from './act.ts';
import { Dialog } from './dialog.tsx';
import { Wrong } from './panel.tsx';
import './picture-chooser.css';

/** Twice what the server keeps. */
const SIDE_PX = 640;

interface Props {
  readonly of: 'person' | 'group';
  /** There is one now. */
  readonly has: boolean;
  use(content: Blob): Promise<void>;
  remove(): Promise<void>;
}

export function PictureChooser({ of, has, use, remove }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const { busy, wrong, act } = useAct();
  const [unreadable, setUnreadable] = useState(false);
  const [content, setContent] = useState<Blob | null>(null);
  const choose = async (file: File) => {
    const square = await squareOf(file).catch(() => null);
    setUnreadable(square === null);
    setContent(square);
  };
  const take = async (content: Blob) => {
    try {
      await use(content);
    } catch (error) {
      if (codeOf(error) !== 'unreadable_picture') throw error;
      setUnreadable(true);
    }
    setContent(null);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={t('choosePicture')}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          // So that the same one can be chosen again.
          target.value = '';
          if (file) void choose(file);
        }}
      />
      <div className="picture-chooser">
        <Button className="quiet-button" onPress={() => input.current?.click()}>
          {t(has ? 'changePicture' : 'choosePicture')}
        </Button>
        {has && (
          <Button className="quiet-button" isDisabled={busy} onPress={() => void act(remove)}>
            {t('removePicture')}
          </Button>
        )}
      </div>
      <Wrong>{unreadable ? t('unreadablePicture') : content === null ? wrong : ''}</Wrong>
      {content && (
        <Dialog title={t('choosePicture')} onClose={() => setContent(null)}>
          <PicturePreview content={content} of={of} />
          <Wrong>{wrong}</Wrong>
          <div className="dialog-actions">
            <Button className="quiet-button" onPress={() => setContent(null)}>
              {t('cancel')}
            </Button>
            <Button className="main-button" isDisabled={busy} onPress={() => void act(() => take(content))}>
              {t('usePicture')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** What `setPicture` and `setGroupPicture` take. */
export function bringPicture(conversation: string, content: Blob): Promise<FileInfo> {
  return uploadFile({ slot: slotHere(), conversation, content, name: 'picture.webp', as: 'picture' });
}

export function PicturePreview({ content, of }: { content: Blob; of: Props['of'] }) {
  const [address, setAddress] = useState<string | undefined>();
  useEffect(() => {
    const made = URL.createObjectURL(content);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  const alt = t(of === 'group' ? 'groupPicturePreview' : 'picturePreview');
  return <img className="picture-preview" data-of={of} src={address} alt={alt} />;
}

/** The middle of a picture, upright, and nothing that its file says besides. */
async function squareOf(file: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(file);
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.min(side, SIDE_PX);
  const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  canvas.getContext('2d')?.drawImage(bitmap, x, y, side, side, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob(done, 'image/webp', 0.9));
}
