/** Calling people, and who they are. */
export const enPeople = {
  proposals: 'People to call',
  proposalsCount: '{n, plural, one {# person} other {# people}}. Arrow keys move, Enter calls.',
  cardOf: 'Who {name} is',
  writeToPerson: 'Write to {name}',
  choosePicture: 'Choose a picture',
  changePicture: 'Change picture',
  removePicture: 'Remove picture',
  usePicture: 'Use this picture',
  picturePreview: 'Your picture, as others will see it',
  groupPicturePreview: 'The picture, as members will see it',
  unreadablePicture: 'This picture could not be read. Choose a JPEG, PNG or WebP.',
} as const;
