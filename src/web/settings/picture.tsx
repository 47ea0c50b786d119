/** One's own picture: chosen, looked at as others will see it, and taken away again. */
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { codeOf } from '../../client/failed.ts';
import { uploadFile } from '../../client/files.ts';
import type { Profile } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { useRoute } from '../router.ts';
import { t } from '../text/text.ts';

/** Twice what the server keeps. */
const SIDE_PX = 640;

export function OwnPicture({ profile }: { profile: Profile }) {
  const messenger = useMessenger();
  const { slot } = useRoute();
  const input = useRef<HTMLInputElement>(null);
  const { busy, wrong, act } = useAct();
  const [unreadable, setUnreadable] = useState(false);
  const [content, setContent] = useState<Blob | null>(null);
  const choose = async (file: File) => {
    const square = await squareOf(file).catch(() => null);
    setUnreadable(square === null);
    setContent(square);
  };
  const use = async (content: Blob) => {
    const conversation = await messenger.openSelf();
    try {
      const upload = { slot, conversation, content, name: 'picture.webp', as: 'picture' } as const;
      await messenger.setPicture(await uploadFile(upload));
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
      <div className="profile-picture">
        <Button className="quiet-button" onPress={() => input.current?.click()}>
          {t(profile.picture === undefined ? 'choosePicture' : 'changePicture')}
        </Button>
        {profile.picture !== undefined && (
          <Button className="quiet-button" isDisabled={busy} onPress={() => void act(() => messenger.setPicture(null))}>
            {t('removePicture')}
          </Button>
        )}
      </div>
      <Wrong>{unreadable ? t('unreadablePicture') : content === null ? wrong : ''}</Wrong>
      {content && (
        <Dialog title={t('choosePicture')} onClose={() => setContent(null)}>
          <Preview content={content} />
          <Wrong>{wrong}</Wrong>
          <div className="dialog-actions">
            <Button className="quiet-button" onPress={() => setContent(null)}>
              {t('cancel')}
            </Button>
            <Button className="main-button" isDisabled={busy} onPress={() => void act(() => use(content))}>
              {t('usePicture')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Preview({ content }: { content: Blob }) {
  const [address, setAddress] = useState<string | undefined>();
  useEffect(() => {
    const made = URL.createObjectURL(content);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  return <img className="picture-preview" src={address} alt={t('picturePreview')} />;
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
