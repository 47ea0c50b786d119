/** What may be done to a message that stands in the log: edit, delete, react, pin. */
import type { Draft, Role } from '../protocol/entities.ts';
import { EDITS_MAX, EMOJI_MAX, type Limits, PINS_MAX, REACTIONS_MAX } from '../protocol/limits.ts';
import { isExpired } from './lifetime.ts';
import { isUnanswered, type Request } from './request.ts';
import { type Refusal, refuse } from './result.ts';
import { utf8Bytes } from './text.ts';

export type ActDraft = Extract<Draft, { target: number }>;

/** What the log holds of a message, at the head that the act is checked against. */
export interface Target {
  readonly sender: string;
  readonly deleted: boolean;
  /** When its words go, and those of its edits with them. */
  readonly expires?: number;
  /** How often it was edited. */
  readonly edits: number;
  /** The emoji of each who reacts. */
  readonly reactions: ReadonlyMap<string, string>;
}

/** What of the conversation decides. */
interface Place {
  readonly kind: 'direct' | 'self' | 'group';
  readonly request: Request | null;
  readonly pins: readonly number[];
  readonly role: Role;
  /** Of whoever wrote the message; null for one who has left. */
  readonly authorRole: Role | null;
}

export function isAct(draft: Draft): draft is ActDraft {
  return draft.kind === 'edited' || draft.kind === 'deleted' || draft.kind === 'reacted' || draft.kind === 'pinned';
}

/** Why `user` may not do this to a message that is there and that they may see, or null. */
export function checkAct(
  place: Place,
  user: string,
  draft: ActDraft,
  target: Target,
  limits: Limits,
  now: number,
): Refusal | null {
  if (target.deleted || isExpired(target, now)) return refuse('message_deleted');
  // Of a request the one message may be taken back, and nothing more be said.
  if (draft.kind !== 'deleted' && isUnanswered(place.request)) return refuse('not_answered');
  switch (draft.kind) {
    case 'edited': {
      if (target.sender !== user) return refuse('not_allowed');
      if (draft.body.text.trim() === '') return refuse('empty');
      if (utf8Bytes(draft.body.text) > limits.textBytes) return refuse('too_long');
      return target.edits >= EDITS_MAX ? refuse('too_many_edits') : null;
    }
    case 'deleted':
      return target.sender === user || mayModerate(place) ? null : refuse('not_allowed');
    case 'reacted':
      return checkReaction(user, draft.emoji, target.reactions);
    case 'pinned': {
      if (place.kind === 'group' && place.role === 'member') return refuse('not_allowed');
      const isPinned = place.pins.includes(draft.target);
      return draft.pinned && !isPinned && place.pins.length >= PINS_MAX ? refuse('too_many') : null;
    }
  }
}

/** Of a group's messages an owner deletes all, an admin all but those of owners. */
export function mayModerate({ kind, role, authorRole }: Pick<Place, 'kind' | 'role' | 'authorRole'>): boolean {
  if (kind !== 'group' || role === 'member') return false;
  return role === 'owner' || authorRole !== 'owner';
}

function checkReaction(user: string, emoji: string, reactions: ReadonlyMap<string, string>): Refusal | null {
  if (emoji === '') return null;
  if (!isEmoji(emoji)) return refuse('empty');
  const others = [...reactions].filter(([who]) => who !== user);
  if (others.length >= REACTIONS_MAX) return refuse('too_many');
  const kinds = new Set(others.map(([, chosen]) => chosen));
  return kinds.size >= EMOJI_MAX && !kinds.has(emoji) ? refuse('too_many') : null;
}

const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:[\u{E0020}-\u{E007E}]+\u{E007F})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*)$/u;

/** Whether it is one emoji, and nothing else. */
export function isEmoji(text: string): boolean {
  return EMOJI.test(text);
}
