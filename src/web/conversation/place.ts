/** Where one is in a conversation: in the address, so that it survives a reload, and here while the page is open. */
import { note } from '../router.ts';

export interface Place {
  readonly seq: number;
  /** How far the message begins above the top of the screen, in pixels; null for a message that is to be shown. */
  readonly above: number | null;
}

const left = new Map<string, Place>();

/** Where to open: what the address names comes first, then where one was last; null for neither. */
export function placeOf(conversation: string, seq: number | undefined): Place | null {
  if (seq === undefined) return left.get(conversation) ?? null;
  const above = (history.state as { above?: unknown } | null)?.above;
  return { seq, above: typeof above === 'number' ? above : null };
}

/** `place` is null at the end. `addressed`: the address is that of the conversation. */
export function keepPlace(conversation: string, place: Place | null, addressed: boolean): void {
  if (place) left.set(conversation, place);
  else left.delete(conversation);
  if (!addressed) return;
  const screen = { at: 'conversation', id: conversation } as const;
  note(place ? { ...screen, seq: place.seq } : screen, place && { above: place.above });
}
