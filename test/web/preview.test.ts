/** The second line of a row of the inbox. */
import { expect, test } from 'bun:test';
import type { Messenger } from '../../src/client/index.ts';
import type { ConversationView } from '../../src/client/views.ts';
import { previewOf } from '../../src/web/inbox/preview.ts';
import { hueOf, initials } from '../../src/web/text/people.ts';

const messenger = {
  user: 'me',
  profile: (user: string) => (user === 'theo' ? { displayName: 'Theo', name: 'theo' } : null),
  blocked: () => new Map([['rude', 1_000]]),
  setting: (key: string) => (key === 'hide/garden/7' ? '1' : ''),
} as unknown as Messenger;

const said = (sender: string, text: string) => ({ kind: 'message', sender, body: { text } });
const LINES: readonly (readonly [Partial<Record<keyof ConversationView, unknown>>, boolean, string, string])[] = [
  [{}, false, 'text', 'No messages yet'],
  [{ head: 7 }, false, 'text', 'Deleted for you'],
  [{ head: 8 }, false, 'text', 'No messages yet'],
  [{ kind: 'direct', peer: 'theo', invitedBy: 'me' }, false, 'text', 'Theo joined by your invitation'],
  [{ kind: 'direct', peer: 'theo', invitedBy: 'theo' }, false, 'text', 'You joined by Theo’s invitation'],
  [{ last: said('theo', 'hi') }, false, 'text', 'Theo: hi'],
  [{ last: said('me', 'hi') }, false, 'text', 'You: hi'],
  [{ last: said('ghost', 'hi') }, false, 'text', 'Someone: hi'],
  [{ last: said('rude', 'hi') }, false, 'text', 'Message from somebody you blocked.'],
  [{ kind: 'direct', last: said('rude', 'hi') }, false, 'text', 'hi'],
  [{ kind: 'direct', last: said('theo', 'hi') }, false, 'text', 'hi'],
  [{ kind: 'self', last: said('me', 'seeds') }, false, 'text', 'seeds'],
  [{ last: said('theo', 'hi'), lastPending: { text: 'waits', files: [], uploads: [] } }, false, 'text', 'You: waits'],
  [{ lastPending: { text: '', files: [], uploads: [{ name: 'plan.pdf' }] } }, false, 'text', 'You: plan.pdf'],
  [{ last: said('theo', 'hi'), draft: ' half ' }, false, 'draft', 'Draft: half'],
  [{ last: said('theo', 'hi'), draft: 'half' }, true, 'text', 'Theo: hi'],
  [{ last: said('theo', 'hi'), draft: '  ' }, false, 'text', 'Theo: hi'],
  [{ draft: 'half', typing: ['theo'] }, false, 'typing', 'Theo is typing…'],
  [{ typing: ['theo', 'ghost'] }, false, 'typing', '2 people are typing…'],
  [{ kind: 'direct', typing: ['theo'] }, false, 'typing', 'typing…'],
  [{ ended: 1_795_575_139_466, draft: 'half' }, false, 'text', 'This chat ended on 25 Nov. Nothing of it is kept.'],
  [
    { last: { ...said('theo', 'hi'), body: null, at: 0, expires: 3_600_000 } },
    false,
    'text',
    'Theo: Gone after 1 hour',
  ],
  [{ last: { kind: 'left', sender: 'theo' } }, false, 'text', 'Theo left'],
];
test.each(LINES)('case %#', (more, open, kind, text) => {
  const view = {
    id: 'garden',
    kind: 'group',
    head: 1,
    last: null,
    lastPending: null,
    invitedBy: null,
    ended: null,
    lastDeletedBy: null,
    draft: '',
    typing: [],
    ...more,
  } as never;
  expect(previewOf(messenger, view, open)).toEqual({ kind: kind as never, text });
});

test.each([
  ['Mara Lindqvist', 'ML'],
  ['theo', 'T'],
  ['山田 雪', '山雪'],
  ['نور الهدى', 'نا'],
  ['🦊 Zed', 'Z'],
  ['🦊', ''],
  ['a b c', 'AC'],
  ['o_neill', 'ON'],
])('%s becomes %s', (name, letters) => expect(initials(name)).toBe(letters));

test('every id has one of twelve hues', () => {
  const hues = new Set(Array.from({ length: 500 }, (_, i) => hueOf(`id-${i}`)));
  expect([...hues].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
