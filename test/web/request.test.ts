import { expect, test } from 'bun:test';
import type { ConversationView } from '../../src/client/views.ts';
import { isAsked, isWaiting, mayWrite } from '../../src/web/conversation/request.ts';
import { inboxPlaceOf } from '../../src/web/inbox/place.ts';

const view = (more: object) =>
  ({ request: null, archived: false, draft: '', lastPending: null, member: true, ...more }) as ConversationView;

const waits = { lastPending: { state: 'waiting' } };
test.each([
  [{}, 'chats', true],
  [{ archived: true }, 'archived', true],
  [{ member: false }, 'chats', false],
  [{ request: 'received' }, 'requests', false],
  [{ request: 'received', archived: true }, 'requests', false],
  [{ request: 'declined' }, null, false],
  [{ request: 'sent' }, 'chats', false],
  [{ request: 'sent', archived: true }, 'archived', false],
  [{ request: 'open' }, null, true],
  [{ request: 'open', draft: 'May I' }, 'chats', true],
  [{ request: 'open', ...waits }, 'chats', false],
  [{ request: 'open', lastPending: { state: 'refused' } }, 'chats', true],
] as const)('%p stands in %p, and one may write there: %p', (more, place, may) => {
  expect([inboxPlaceOf(view(more)), mayWrite(view(more))]).toEqual([place, may]);
  expect(isAsked(view(more)) && isWaiting(view(more))).toBe(false);
});
