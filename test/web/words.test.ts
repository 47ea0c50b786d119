/** What a message says where there is one line for it. */
import { expect, test } from 'bun:test';
import { wordsOf } from '../../src/web/text/words.ts';

const EACH = '**bold** *italic* ~~struck~~ `code` ||hidden||\n> quoted\n- one\n- two\nhttps://example.org/x_y_z';

test('no mark stands in it, and nothing that is hidden', () => {
  const line = wordsOf({ text: EACH });
  for (const words of ['bold italic struck code ▒▒▒▒', 'quoted', 'one', 'two', 'https://example.org/x_y_z']) {
    expect(line).toContain(words);
  }
  expect(line).not.toMatch(/[*~`|>]|hidden/);
  expect(wordsOf({ text: '||secret||' }, 'Hidden text')).toBe('Hidden text');
});

test('without words it names the files', () => {
  const files = [{ name: 'plan.pdf' }, { name: 'a\u202egpj.exe' }];
  expect(wordsOf({ text: '', files })).toMatch(/^plan\.pdf, a\S*gpj\.exe$/);
  expect(wordsOf({ text: '', files })).not.toContain('\u202e');
  expect(wordsOf({ text: 'See', files })).toBe('See');
});
