/** The pictures of a message, in the place that they will have: what is in it comes once the first screen is there. */
import { later } from '../parts/later.tsx';
import { type PictureInfo, placeOfPictures, SHOWN_MAX } from './picture-place.ts';
import './pictures.css';

const Picture = later(async () => (await import('./picture.tsx')).Picture);

interface Props {
  readonly conversation: string;
  readonly pictures: readonly PictureInfo[];
  /** The message is stored: only then can they be fetched. */
  readonly stored: boolean;
}

export function Pictures({ conversation, pictures, stored }: Props) {
  const { width, ratio } = placeOfPictures(pictures);
  const shown = pictures.slice(0, SHOWN_MAX);
  return (
    <div className="pictures" data-count={shown.length} style={{ inlineSize: width, aspectRatio: ratio }}>
      {shown.map((picture, i) => (
        <div key={picture.id} className="picture">
          <Picture
            conversation={conversation}
            picture={picture}
            stored={stored}
            number={i + 1}
            of={pictures.length}
            more={i === SHOWN_MAX - 1 && pictures.length > SHOWN_MAX ? pictures.length - i : 0}
          />
        </div>
      ))}
    </div>
  );
}
