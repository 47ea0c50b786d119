/** What the full screen is made of, without a screen. */
import { describe, expect, test } from 'bun:test';
import { composerRows, type Editing, editing, erase, eraseWord, move, typeKeys } from '../../src/cli/chat/editing.ts';
import { fit, type Looks, type Row, rowsOf } from '../../src/cli/chat/rows.ts';
import { stateOf } from '../../src/cli/ticks.ts';
import type { ConversationView, PendingMessage, TimelineItem } from '../../src/client/views.ts';
import type { Entry } from '../../src/protocol/entities.ts';

const marks = (of: Record<string, [delivered: number, read: number]>) =>
  new Map(Object.entries(of).map(([user, [delivered, read]]) => [user, { user, delivered, read }]));
const conversation = {
  kind: 'group',
  marks: marks({ me: [9, 9], jo: [5, 3], mei: [4, 2] }),
} as unknown as ConversationView;
const NOON = new Date(2026, 4, 6, 12, 0).getTime();

function entry(seq: number, sender: string, text: string, more: object = {}): TimelineItem {
  const header = { v: 1, seq, at: NOON, sender, device: 'd', key: `key${seq}`, ordinal: seq, lastMessage: seq };
  return { kind: 'entry', entry: { ...header, kind: 'message', body: { v: 1, text }, ...more } as unknown as Entry };
}

function waiting(text: string, more: Partial<PendingMessage> = {}): TimelineItem {
  const pending: PendingMessage = {
    key: 'p',
    conversation: 'c',
    text,
    ref: null,
    mentions: [],
    forwarded: false,
    files: [],
    uploads: [],
    at: NOON,
    state: 'waiting',
    code: null,
    ...more,
  };
  return { kind: 'pending', pending };
}

const looks = (more: Partial<Looks> = {}): Looks => ({
  conversation,
  self: 'me',
  columns: 40,
  readTo: 99,
  name: (user) => ({ jo: 'Jo', mei: '林美玲' })[user] ?? user,
  ...more,
});
const texts = (rows: readonly Row[]) => rows.map(({ spans }) => spans.map(({ text }) => text).join(''));
const told = (items: readonly TimelineItem[], more?: Partial<Looks>) => texts(rowsOf(items, looks(more)));

describe('rows of a timeline', () => {
  test('marks are styles, which end with each row and begin anew with the next', () => {
    expect(
      told([entry(1, 'jo', '**bold words that go on over the end** and `code`')], { columns: 30 }).slice(1),
    ).toEqual([
      '12:00 Jo: \u001b[1mbold words that go \u001b[22m',
      '      \u001b[1mon over the end\u001b[22m and \u001b[7mcode\u001b[27m',
    ]);
    expect(told([entry(1, 'jo', '> so?\n- a\n- b\n  c')]).slice(1)).toEqual([
      '12:00 Jo: ',
      '      \u001b[2m│ \u001b[22mso?',
      '      • a',
      '      • b',
      '        c',
    ]);
  });

  test('what is hidden shows when one asks, but not in a quote', () => {
    const items = [entry(1, 'jo', 'It was ||me||'), entry(2, 'jo', 'Really', { ref: 1 })];
    expect(told(items)).toContain('12:00 Jo: It was ▒▒▒▒');
    expect(told(items, { revealed: true })).toContain('12:00 Jo: It was me');
    expect(told(items, { revealed: true }).some((row) => row.endsWith('↪ Jo: It was ▒▒▒▒'))).toBe(true);
  });

  test('a message has its time and its sender; further lines stand under the text', () => {
    expect(told([entry(1, 'jo', 'one two three four five six seven eight\nnine')])).toEqual([
      '      ── Wed, 6 May 2026 ──',
      '12:00 Jo: one two three four five six ',
      '      seven eight',
      '      nine',
    ]);
  });

  test('no row is wider than the screen, whatever is written', () => {
    const wide = [
      'x'.repeat(500),
      '北京市'.repeat(80),
      '👨‍👩‍👧'.repeat(50),
      'رسالة طويلة '.repeat(40),
      '\ttab',
      'हिन्दी में '.repeat(20),
    ];
    for (const columns of [12, 27, 40, 91]) {
      for (const row of told(
        wide.map((text, i) => entry(i + 1, 'mei', text)),
        { columns },
      )) {
        expect(Bun.stringWidth(row)).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('nothing of a text is lost, and its own spaces stay', () => {
    const code = 'if (a) {\n    return b;\n}';
    expect(told([entry(1, 'jo', code)]).slice(1)).toEqual(['12:00 Jo: if (a) {', '          return b;', '      }']);
    const long = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    const joined = told([entry(1, 'jo', long)])
      .slice(1)
      .map((row) => row.slice(6))
      .join(' ');
    expect(joined.replace(/\s+/g, ' ')).toBe(`Jo: ${long}`);
  });

  test('days are told when they change, and what is new once', () => {
    const next = { at: NOON + 86_400_000 };
    const rows = told(
      [entry(1, 'jo', 'a'), entry(2, 'me', 'b'), entry(3, 'jo', 'c', next), entry(4, 'jo', 'd', next)],
      { readTo: 1 },
    );
    expect(rows.filter((row) => row.includes('──'))).toEqual([
      '      ── Wed, 6 May 2026 ──',
      '      ── Thu, 7 May 2026 ──',
      '      ── new ──',
    ]);
  });

  test('an answer shows what it answers', () => {
    const rows = told([
      entry(1, 'mei', 'Which\nfilling?'),
      entry(2, 'jo', 'apricot', { ref: 1 }),
      entry(3, 'jo', 'x', { ref: 77 }),
    ]);
    expect(rows).toContain('12:00 ↪ 林美玲: Which filling?');
    expect(rows).toContain('12:00 ↪ an older message');
  });

  test('own messages have ticks, those that wait a sign, refused ones a reason and a way out', () => {
    expect(told([entry(2, 'me', 'a'), entry(4, 'me', 'b'), entry(5, 'me', 'c'), waiting('d')]).slice(1)).toEqual([
      '12:00 You: a ✓✓',
      '12:00 You: b ✓✓',
      '12:00 You: c ✓',
      '12:00 You: d …',
    ]);
    const refused = told([waiting('e', { state: 'refused', code: 'not_member' })]).join('\n');
    expect(refused).toContain('Not sent. You are no longer in');
    expect(refused).toContain('Ctrl+R');
  });

  test('keys of rows are their own', () => {
    const items = [entry(1, 'jo', 'a\nb'), entry(2, 'jo', 'c'), { kind: 'gap', from: 3, to: 9 } as const, waiting('d')];
    const keys = rowsOf(items, looks({ readTo: 0 })).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

for (const [seq, state] of [
  [2, 'read'],
  [4, 'delivered'],
  [5, 'sent'],
] as const) {
  test(`what not all others have ${state === 'sent' ? 'received' : 'read further'} is ${state}`, () => {
    expect(stateOf(seq, conversation, 'me')).toBe(state);
  });
}

test('notes to oneself have no ticks, and a group without others is sent', () => {
  expect(stateOf(1, { kind: 'self', marks: marks({ me: [1, 1] }) }, 'me')).toBeNull();
  expect(stateOf(1, { kind: 'group', marks: marks({ me: [1, 1] }) }, 'me')).toBe('sent');
});

test('fit leaves what fits, and cuts between characters that people see', () => {
  expect(fit('abc', 3)).toBe('abc');
  expect(fit('abcd', 3)).toBe('ab…');
  expect(fit('北京市', 5)).toBe('北京…');
  expect(fit('👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧…');
});

const shown = ({ text, at }: Editing) => `${text.slice(0, at).join('')}|${text.slice(at).join('')}`;

describe('editing', () => {
  for (const [name, edited, expected] of [
    ['what is typed stands before the cursor', typeKeys(move(editing('ac'), -1), 'b'), 'ab|c'],
    ['a picture of several parts is one character', erase(editing('a👨‍👩‍👧')), 'a|'],
    ['an accent joins its letter', erase(typeKeys(editing('e'), '\u0301')), '|'],
    ['keys that come together are taken one by one', typeKeys(editing(''), 'abc\u007f\u007fd'), 'ad|'],
    ['lines of a paste stay, other controls do not', typeKeys(editing(''), 'a\r\nb\u001bc\td'), 'a\nb c d|'],
    ['the cursor stays within the text', move(move(editing('ab'), -9), 1), 'a|b'],
    ['a word goes with the space behind it', eraseWord(editing('one two  ')), 'one |'],
    ['there may be nothing to rub out', erase(editing('')), '|'],
  ] as const) {
    test(name, () => expect(shown(edited)).toBe(expected));
  }

  test('the composer shows the rows around the cursor', () => {
    const rows = composerRows(move(editing('a\nb\nc\nd'), -1), 10, 2);
    expect(rows.map(({ before, cursor, after }) => `${before}|${cursor ?? ''}|${after}`)).toEqual([
      'c ||',
      '|d| '.trimEnd(),
    ]);
    const wide = composerRows(editing('北京市北京市'), 5, 9);
    expect(wide.map(({ before }) => before)).toEqual(['北京', '市北', '京市']);
  });
});
