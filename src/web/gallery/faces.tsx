/** Avatars with a picture: there, of one that can be seen through, and one that does not come. */
import { Face } from '../parts/avatar.tsx';
import { drawn } from './made-up.ts';

const PICTURES = ['teal-320-320', 'transparent-320-320', 'broken-320-320'] as const;

export function Faces() {
  return (['run', 'header', 'row', 'profile'] as const).map((size) => (
    <div key={size} className="gallery-line">
      {(['direct', 'group'] as const).flatMap((kind) =>
        PICTURES.map((picture) => (
          <span
            key={kind + picture}
            className="avatar"
            data-size={size}
            data-kind={kind}
            data-hue="3"
            data-initials="TB"
            aria-hidden="true"
          >
            <Face address={drawn(picture)} />
            {kind === 'direct' && <span className="dot" />}
          </span>
        )),
      )}
    </div>
  ));
}
