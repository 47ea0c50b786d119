import type { ConversationView } from '../../client/views.ts';
import type { Screen } from '../routes.ts';

/** The message because of which a chat has its number: the first that calls one, else the first that is unread. */
export function causeOf({ id, firstMention, firstUnread, read }: ConversationView): Screen {
  return { at: 'conversation', id, seq: firstMention ?? firstUnread ?? read + 1 };
}
