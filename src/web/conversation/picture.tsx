/** One picture of a message: first its placeholder, then as large as the screen needs it. */
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useView } from '../messenger.tsx';
import { t } from '../text/text.ts';
import { type PictureInfo, sourcesOf } from './picture-place.ts';
import { placeholderOf } from './placeholder.ts';
import { useAddress } from './use-address.ts';
import './picture.css';

interface Props {
  readonly conversation: string;
  readonly picture: PictureInfo;
  readonly stored: boolean;
  readonly number: number;
  readonly of: number;
  /** How many there are from this one on, where not all are shown; else 0. */
  readonly more: number;
}

export function Picture({ conversation, picture, stored, number, of, more }: Props) {
  const { address, state, tries, shown, failed, retry } = useAddress(conversation, picture.id, stored);
  const online = useView((messenger) => messenger.status().state === 'online');
  const [element, setElement] = useState<HTMLElement | null>(null);
  const wide = useWidth(element, picture);
  const placeholder = state === 'shown' ? undefined : placeholderOf(picture.placeholder);
  const background = placeholder === undefined ? {} : { backgroundImage: `url("${placeholder}")` };
  // Without a connection it comes by itself, and its placeholder stays.
  if (state === 'gone' || (state === 'failed' && online)) {
    return (
      <div className="picture-wrong" role="status">
        <p>{t(state === 'gone' ? 'pictureGone' : 'pictureFailed')}</p>
        {state === 'failed' && (
          <Button className="text-button" onPress={retry}>
            {t('retry')}
          </Button>
        )}
      </div>
    );
  }
  return (
    <>
      <button
        type="button"
        ref={setElement}
        className="picture-button"
        data-do="picture"
        data-file={picture.id}
        aria-label={t('openPicture', { n: number, of })}
        disabled={!stored}
        style={background}
      >
        {address && wide > 0 && (
          <img
            key={tries}
            alt=""
            src={address.medium ?? address.file}
            srcSet={sourcesOf(picture, address)}
            sizes={`${wide}px`}
            data-shown={state === 'shown' || undefined}
            draggable={false}
            decoding="async"
            onLoad={shown}
            onError={failed}
          />
        )}
      </button>
      {more > 0 && (
        <span className="picture-more" aria-hidden="true">
          +{more}
        </span>
      )}
    </>
  );
}

/** How wide the picture is drawn, also where its ends are cut off. */
function useWidth(element: HTMLElement | null, { width, height }: PictureInfo): number {
  const [wide, setWide] = useState(0);
  useEffect(() => {
    if (!element) return;
    const { clientWidth, clientHeight } = element;
    setWide(Math.ceil(Math.max(clientWidth, (clientHeight * width) / height)));
  }, [element, width, height]);
  return wide;
}
