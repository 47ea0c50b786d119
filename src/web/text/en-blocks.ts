/** Blocking somebody, and what is left of them then. */
export const enBlocks = {
  block: 'Block',
  blocked: 'Blocked',
  blockWho: 'Block {name}',
  unblock: 'Unblock',
  unblockWho: 'Unblock {name}',
  blockTitle: 'Block {name}?',
  blockSure:
    'You two can no longer write to each other, add each other to groups, or see when the other is here, types or has read something. What {name} says in your groups is folded. {name} is not told, and you can undo this at any time.',
  blockedToast: '{name} is blocked.',
  unblockedToast: '{name} is no longer blocked.',
  youBlocked: 'You blocked {name}.',
  blockedPeople: 'Blocked people',
  blockedNobody: 'You have blocked nobody.',
  blockedSince: 'Since {day}',
  folded: 'Message from somebody you blocked.',
  foldedShow: 'Show',
} as const;
