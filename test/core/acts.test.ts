import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type ActDraft, checkAct, isEmoji, type Target } from '../../src/core/acts.ts';
import {
  type Annotations,
  annotate,
  annotated,
  annotationsOf,
  byTarget,
  NOT_ANNOTATED,
} from '../../src/core/annotations.ts';
import { apply, check, emptyConversation, enter } from '../../src/core/conversation.ts';
import { found } from '../../src/core/founding.ts';
import { followPins } from '../../src/core/pins.ts';
import type { Request } from '../../src/core/request.ts';
import type { Annotation, Entry, MessageEntry, Role } from '../../src/protocol/entities.ts';
import { DEFAULT_LIMITS, EDITS_MAX, EMOJI_MAX, PINS_MAX, REACTIONS_MAX } from '../../src/protocol/limits.ts';

const key = 'kA';
const words = (text: string) => ({ v: 1 as const, text });
const edited: ActDraft = { key, kind: 'edited', target: 2, body: words('new') };
const deleted: ActDraft = { key, kind: 'deleted', target: 2 };
const reacted: ActDraft = { key, kind: 'reacted', target: 2, emoji: '👍' };
const pinned: ActDraft = { key, kind: 'pinned', target: 2, pinned: true };
const target = (more: Partial<Target> = {}): Target => ({
  sender: 'theo',
  deleted: false,
  edits: 0,
  reactions: new Map(),
  ...more,
});

interface Case {
  readonly kind?: 'direct' | 'self' | 'group';
  readonly role?: Role;
  readonly authorRole?: Role | null;
  readonly request?: Request;
  readonly pins?: number[];
  readonly of?: Partial<Target>;
}
function outcome(draft: ActDraft, user: string, { of, ...more }: Case = {}): string {
  const place = { kind: 'group' as const, request: null, pins: [], role: 'member' as const, authorRole: null, ...more };
  return checkAct(place, user, draft, target(of), DEFAULT_LIMITS, 0)?.code ?? 'ok';
}

describe('who may', () => {
  const direct: Case = { kind: 'direct', role: 'member', authorRole: 'member' };
  const cases: [string, ActDraft, string, Case, string][] = [
    ['edit the own', edited, 'theo', {}, 'ok'],
    ['edit of another, as owner', edited, 'mara', { role: 'owner' }, 'not_allowed'],
    ['delete the own', deleted, 'theo', {}, 'ok'],
    ['delete of another, as member', deleted, 'mara', { authorRole: 'member' }, 'not_allowed'],
    ['delete of a member, as admin', deleted, 'mara', { role: 'admin', authorRole: 'member' }, 'ok'],
    ['delete of an admin, as admin', deleted, 'mara', { role: 'admin', authorRole: 'admin' }, 'ok'],
    ['delete of an owner, as admin', deleted, 'mara', { role: 'admin', authorRole: 'owner' }, 'not_allowed'],
    ['delete of an owner, as owner', deleted, 'mara', { role: 'owner', authorRole: 'owner' }, 'ok'],
    ['delete of one who left, as admin', deleted, 'mara', { role: 'admin', authorRole: null }, 'ok'],
    ['delete of the other, in a direct chat', deleted, 'mara', direct, 'not_allowed'],
    ['react, as member', reacted, 'mara', {}, 'ok'],
    ['pin, as member', pinned, 'mara', {}, 'not_allowed'],
    ['pin, as admin', pinned, 'mara', { role: 'admin' }, 'ok'],
    ['pin, in a direct chat', pinned, 'mara', direct, 'ok'],
  ];
  test.each(cases)('%s', (_, draft, user, more, expected) => expect(outcome(draft, user, more)).toBe(expected));
});

describe('what may be done', () => {
  test.each([edited, deleted, reacted, pinned])('nothing to what is deleted: %j', (draft) => {
    expect(outcome(draft, 'theo', { role: 'owner', of: { deleted: true } })).toBe('message_deleted');
  });
  test.each([
    [edited, 'not_answered'],
    [reacted, 'not_answered'],
    [pinned, 'not_answered'],
    [deleted, 'ok'],
  ])('in a request that is not answered: %j', (draft, expected) => {
    const request: Request = { state: 'asked', by: 'theo', stamp: 2, at: 1 };
    expect(outcome(draft, 'theo', { kind: 'direct', request })).toBe(expected);
  });
  test('an edit has words, not too many, and is not the hundred-and-first', () => {
    const edit = (text: string) => ({ ...edited, body: words(text) }) as ActDraft;
    expect(outcome(edit('  '), 'theo')).toBe('empty');
    expect(outcome(edit('é'.repeat(8_193)), 'theo')).toBe('too_long');
    expect(outcome(edited, 'theo', { of: { edits: EDITS_MAX - 1 } })).toBe('ok');
    expect(outcome(edited, 'theo', { of: { edits: EDITS_MAX } })).toBe('too_many_edits');
  });
  test('so many people react, with so many emoji', () => {
    const by = (count: number, emoji: (i: number) => string) =>
      ({ of: { reactions: new Map(Array.from({ length: count }, (_, i) => [`u${i}`, emoji(i)])) } }) satisfies Case;
    const many = by(EMOJI_MAX, (i) => `other ${i}`);
    expect(
      outcome(
        reacted,
        'mara',
        by(REACTIONS_MAX - 1, () => '👍'),
      ),
    ).toBe('ok');
    expect(
      outcome(
        reacted,
        'mara',
        by(REACTIONS_MAX, () => '👍'),
      ),
    ).toBe('too_many');
    expect(
      outcome(
        reacted,
        'u0',
        by(REACTIONS_MAX, () => '👍'),
      ),
    ).toBe('ok');
    expect(outcome(reacted, 'mara', many)).toBe('too_many');
    expect(outcome({ ...reacted, emoji: '' } as ActDraft, 'mara', many)).toBe('ok');
  });
  test('so many messages are pinned', () => {
    const pins = Array.from({ length: PINS_MAX }, (_, i) => i + 10);
    expect(outcome(pinned, 'mara', { role: 'owner', pins })).toBe('too_many');
    expect(outcome({ ...pinned, target: 10 } as ActDraft, 'mara', { role: 'owner', pins })).toBe('ok');
    expect(outcome({ ...pinned, pinned: false } as ActDraft, 'mara', { role: 'owner', pins })).toBe('ok');
  });
});

test.each(['👍', '❤️', '❤', '👍🏽', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇵🇹', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', '🫡'])('%s is an emoji', (text) => {
  expect(isEmoji(text)).toBe(true);
});
test.each(['', 'a', ':)', '👍👍', '👍 ', '1', '<b>', '\u200d', '️'])('%j is none', (text) =>
  expect(isEmoji(text)).toBe(false),
);

const annotation: fc.Arbitrary<Annotation> = fc.integer({ min: 3, max: 30 }).chain((seq) =>
  // One entry is one annotation: the same seq says the same.
  fc.constant(
    [
      { what: 'edited', target: 2, seq, at: seq, body: words(`v${seq}`) },
      { what: 'reacted', target: 2, seq, by: `u${seq % 3}`, emoji: seq % 2 ? '👍' : '' },
      { what: 'reacted', target: 2, seq, by: `u${seq % 2}`, emoji: '🎉' },
      seq > 27
        ? { what: 'deleted', target: 2, seq, at: seq, by: 'mara' }
        : { what: 'edited', target: 2, seq, at: seq, body: words(`v${seq}`) },
    ][seq % 4] as Annotation,
  ),
);
const shown = ({ edited, deleted, reactions }: Annotations) => ({
  edited: deleted ? null : edited,
  deleted: deleted !== null,
  reactions: deleted ? [] : [...reactions].sort(),
});
const merged = (list: readonly Annotation[]) => list.reduce(annotate, NOT_ANNOTATED);

describe('annotations', () => {
  test('merge in any order and any number of times', () => {
    fc.assert(
      fc.property(fc.array(annotation), fc.array(annotation), (some, others) => {
        const there = shown(merged([...some, ...others]));
        expect(shown(merged([...others, ...some].reverse()))).toEqual(there);
        expect(shown(merged([...some, ...others, ...some]))).toEqual(there);
      }),
    );
  });
  test('an edit whose words were read before they were erased keeps them', () => {
    const edit = { what: 'edited', target: 2, seq: 3, at: 3, body: words('x') } as const;
    expect(merged([edit, { ...edit, body: null }]).edited?.body?.text).toBe('x');
    expect(merged([{ ...edit, body: null }, edit]).edited?.body?.text).toBe('x');
  });
  test('give a message its newest words, and none once it is deleted', () => {
    const message = { kind: 'message', seq: 2, mentions: ['ines'], body: words('one') } as unknown as MessageEntry;
    const edit = { what: 'edited', target: 2, seq: 3, at: 3, body: words('two') } as const;
    expect(annotated(message, merged([edit]))).toEqual({ kind: 'message', seq: 2, body: words('two') } as never);
    const gone = { what: 'deleted', target: 2, seq: 4, at: 4, by: 'mara' } as const;
    expect(annotated(message, merged([edit, gone])).body).toBeNull();
    expect(byTarget([edit, gone]).get(2)?.edited).toBeNull();
  });
});

describe('in the log', () => {
  const ID = (name: string) => name.padEnd(22, 'A');
  const founding = {
    key: ID('c'),
    conversation: 'group' as const,
    title: 'Choir',
    history: 'joined' as const,
    members: [{ user: ID('theo'), role: 'owner' as const }],
  };
  const actor = { user: ID('theo'), device: ID('d') };
  const start = apply(emptyConversation('c'), found(actor, founding, 1));
  const said = apply(start, enter(start, actor, { key: ID('m'), kind: 'message', body: words('one') }, 5));

  test('they are no messages, and move nothing', () => {
    for (const draft of [edited, deleted, reacted]) {
      const entry = enter(said, actor, draft, 900);
      expect([entry.ordinal, entry.lastMessage, annotationsOf(entry)[0]?.target]).toEqual([1, 2, 2]);
      expect(apply(said, entry).active).toEqual({ seq: 2, at: 5 });
    }
    expect(apply(said, enter(said, actor, pinned, 900)).active).toEqual({ seq: 3, at: 900 });
  });
  test('their target is a message that one may see', () => {
    expect(check(said, actor, edited, DEFAULT_LIMITS, null)?.code).toBe('not_found');
    const of = target({ sender: ID('theo') });
    expect(check(said, actor, edited, DEFAULT_LIMITS, of)).toBeNull();
    const invited = apply(said, enter(said, actor, { key: ID('a'), kind: 'added', users: [ID('ines')] }, 6));
    expect(check(invited, { ...actor, user: ID('ines') }, reacted, DEFAULT_LIMITS, of)?.code).toBe('not_found');
  });
  test('pins are kept in their order, until they are taken down or deleted', () => {
    const pin = (of: number, on = true) => ({ kind: 'pinned', target: of, pinned: on }) as Entry;
    const pins = [pin(2), pin(5), pin(2), pin(9)].reduce(followPins, [] as readonly number[]);
    expect(pins).toEqual([2, 5, 9]);
    expect(followPins(pins, pin(5, false))).toEqual([2, 9]);
    expect(followPins(pins, { kind: 'deleted', target: 9 } as Entry)).toEqual([2, 5]);
    expect(followPins(pins, { kind: 'deleted', target: 7 } as Entry)).toBe(pins);
  });
});
