/** What a conversation between strangers lets one do, until both want it. */
import type { ConversationView } from '../../client/views.ts';

/** Whether the other one asks, and is to be answered. */
export function isAsked({ request }: ConversationView): boolean {
  return request === 'received' || request === 'declined';
}

/** Whether one has asked oneself, or is about to have. */
export function isWaiting({ request, lastPending }: ConversationView): boolean {
  return request === 'sent' || (request === 'open' && lastPending !== null && lastPending.state !== 'refused');
}

export function mayWrite(view: ConversationView): boolean {
  return view.member && !view.blocked && !isAsked(view) && !isWaiting(view);
}
