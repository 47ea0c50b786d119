/** Pictures of messages, in their place and full screen. */
export const enPictures = {
  openPicture: '{of, plural, one {Open picture} other {Open picture {n} of {of}}}',
  pictureFailed: 'This picture did not load.',
  pictureGone: 'This picture is not here any more.',
  pictureBy: '{of, plural, one {Picture} other {Picture {n} of {of}}} from {who}, {at}',
  pictureBefore: 'Picture before',
  pictureAfter: 'Next picture',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  shortcutPictures: 'Full screen: other pictures, closer, whole',
} as const;
