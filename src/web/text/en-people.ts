/** Calling people, and who they are. */
export const enPeople = {
  proposals: 'People to call',
  proposalsCount: '{n, plural, one {# person} other {# people}}. Arrow keys move, Enter calls.',
  cardOf: 'Who {name} is',
  writeToPerson: 'Write to {name}',
} as const;
