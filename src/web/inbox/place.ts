import type { ConversationView } from '../../client/views.ts';

export type InboxPlace = 'chats' | 'archived' | 'requests';

/** In which list it stands; null for a request that was declined, and for what nobody has written in yet. */
export function inboxPlaceOf({ request, archived, draft, lastPending }: ConversationView): InboxPlace | null {
  if (request === 'received') return 'requests';
  if (request === 'declined') return null;
  if (request === 'open' && draft.trim() === '' && lastPending === null) return null;
  return archived ? 'archived' : 'chats';
}
