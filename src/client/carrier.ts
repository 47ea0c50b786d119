/** Brings files up over plain HTTP. */
import { cancelUpload, uploadOnce } from './files.ts';
import type { Place } from './session.ts';
import type { Carrier } from './uploading.ts';

export function httpCarrier(place: Place & { readonly token: string | null }): Carrier {
  return {
    upload: (file) => uploadOnce({ ...place, ...file }, file.key),
    cancel: (key) => cancelUpload({ ...place, key }),
  };
}
