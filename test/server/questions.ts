import type { CommandName, Request } from '../../src/protocol/commands.ts';

/** Everything that could tell somebody of the other one in a chat of two. */
export const QUESTIONS: { [N in CommandName]?: (conversation: string, theo: string) => Request<N> } = {
  history: (conversation) => ({ conversation, place: { last: true }, limit: 50 }),
  read: (conversation) => ({ ranges: [{ conversation, after: 0, to: 9 }], limit: 50 }),
  summaries: (conversation) => ({ conversations: [conversation] }),
  conversations: () => ({ after: null, limit: 50 }),
  members: (conversation) => ({ conversation, after: null, limit: 50 }),
  marks: (conversation) => ({ conversation }),
  receipts: (conversation) => ({ conversation, seq: 2 }),
  typing: (conversation) => ({ conversation }),
  ping: (conversation, theo) => ({ shown: [{ conversation, digest: 0 }], profiles: [{ user: theo, version: 1 }] }),
  watch: (_, theo) => ({ users: [theo] }),
  profiles: (_, theo) => ({ users: [theo] }),
  people: () => ({ query: 'theo', after: null, limit: 50 }),
  feed: () => ({ position: { epoch: 1, seq: 0 }, limit: 200 }),
  settings: () => ({ after: '', limit: 50 }),
  devices: () => ({}),
  invitations: () => ({ after: null, limit: 50 }),
};
