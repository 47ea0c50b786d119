import { describe, expect, test } from 'bun:test';
import { MARKS, toggled } from '../../src/web/conversation/marking.ts';

/** `[` and `]` stand around what is chosen. */
function press(key: string, drawn: string): string {
  const start = drawn.indexOf('[');
  const text = drawn.replace(/[[\]]/g, '');
  const { from, to, by, chosen } = toggled(text, start, drawn.indexOf(']') - 1, MARKS[key]!);
  const after = text.slice(0, from) + by + text.slice(to);
  return `${after.slice(0, chosen[0])}[${after.slice(chosen[0], chosen[1])}]${after.slice(chosen[1])}`;
}

describe('a mark goes around what is chosen, and away again', () => {
  test.each([
    ['b', 'so [bold] it is', 'so **[bold]** it is'],
    ['i', '[it]', '_[it]_'],
    ['shift x', 'no[ no ]no', 'no ~~[no]~~ no'],
    ['e', '[a]', '`[a]`'],
    ['e', 'see [a\nb]', 'see ```\n[a\nb]\n```'],
    ['b', 'so []', 'so **[]**'],
    ['b', '[a _b_]', '**[a _b_]**'],
  ])('%s: %j', (key, before, after) => {
    expect(press(key, before)).toBe(after);
    expect(press(key, after).replace(/[[\]]/g, '')).toBe(before.replace(/[[\]]/g, ''));
  });

  test('also where the marks are chosen with it', () => {
    expect(press('b', 'so [**bold**] it is')).toBe('so [bold] it is');
    expect(press('i', '[_a_]')).toBe('[a]');
  });

  test('but no mark is half of another', () => {
    expect(press('b', '[**]')).toBe('**[**]**');
    expect(press('i', '**[a]**')).toBe('**_[a]_**');
  });
});
