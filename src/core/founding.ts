import type { ConversationKind, Entry, HistoryRule, Lifetime, Role } from '../protocol/entities.ts';
import type { Actor } from './conversation.ts';

/** What a conversation is created as; its first entry. */
export interface Founding {
  readonly key: string;
  readonly conversation: ConversationKind;
  readonly title: string;
  readonly history: HistoryRule;
  readonly members: readonly { readonly user: string; readonly role: Role }[];
  /** Between strangers. */
  readonly request?: boolean;
  /** One of both has joined the server by the founder's invitation. */
  readonly invitation?: boolean;
  readonly lifetime?: Lifetime | undefined;
}

/** The first entry of a conversation. */
export function found(actor: Actor, founding: Founding, now: number): Entry {
  return {
    v: 1,
    seq: 1,
    at: now,
    sender: actor.user,
    device: actor.device,
    key: founding.key,
    ordinal: 0,
    lastMessage: 0,
    kind: 'created',
    conversation: founding.conversation,
    title: founding.title.trim(),
    history: founding.history,
    members: founding.members.map(({ user, role }) => ({ user, role })),
    ...(founding.request ? { request: true as const } : {}),
    ...(founding.lifetime ? { lifetime: founding.lifetime } : {}),
    ...(founding.invitation ? { invitation: true as const } : {}),
  };
}
