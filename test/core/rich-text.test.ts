import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Block, type Inline, plainText, richText, wordsIn } from '../../src/core/rich-text.ts';

/** The tree in one line: `b{…}`, `i{…}`, `s{…}`, `hidden{…}`, `code{…}`, `quote{…}`, `list{…}`, `fenced(language){…}`. */
function drawn(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'paragraph') return drawnInline(block.inside);
      if (block.kind === 'fenced') return `fenced(${block.language}){${block.text}}`;
      if (block.kind === 'quote') return `quote{${drawn(block.inside)}}`;
      return `list{${block.items.map(({ number, inside }) => `${number ?? '-'} ${drawn(inside)}`).join(', ')}}`;
    })
    .join(' ¶ ');
}

const SHORT = { bold: 'b', italic: 'i', strike: 's', spoiler: 'hidden', code: 'code' };

function drawnInline(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'words') return part.text;
      return `${SHORT[part.kind]}{${part.kind === 'code' ? part.text : drawnInline(part.inside)}}`;
    })
    .join('');
}

describe('marks are read as people mean them', () => {
  test.each([
    [
      '**bold** *italic* _italic_ ~~gone~~ ||hidden|| `code`',
      'b{bold} i{italic} i{italic} s{gone} hidden{hidden} code{code}',
    ],
    ['***both***', 'i{b{both}}'],
    ['***a** b*', 'i{b{a} b}'],
    ['*a **b***', 'i{a b{b}}'],
    ['**a *b***', 'b{a i{b}}'],
    ['**a _b ~~c ||d||~~_**', 'b{a i{b s{c hidden{d}}}}'],
    ['(**so**), “_so_”: ~~so~~!', '(b{so}), “i{so}”: s{so}!'],
    ['**over\ntwo lines**', 'b{over\ntwo lines}'],
    ['||over\n\nan empty line||', 'hidden{over\n\nan empty line}'],
    ['👍 **👍**', '👍 b{👍}'],
    ['これは**太字**です', 'これはb{太字}です'],
    ['**서울**에서', 'b{서울}에서'],
    ['هذا **غامق** هنا', 'هذا b{غامق} هنا'],
    // Of two that begin, the nearer one is meant.
    ['*a *b* c*', '*a i{b} c*'],
    ['_a_b_', 'i{a_b}'],
    // Code says what it says.
    ['`**a** _b_ ||c||`', 'code{**a** _b_ ||c||}'],
    ['**`a`**', 'b{code{a}}'],
    ['``a ` b``', 'code{a ` b}'],
    ['```a```', 'code{a}'],
    ['```js\nlet a;\n\n> no\n```', 'fenced(js){let a;\n\n> no}'],
    ['see\n\n```\na\n```\nthere', 'see ¶ fenced(){a} ¶ there'],
    // Addresses are passed over as a whole.
    ['https://a.example/_x_/*y*/**z**/||', 'https://a.example/_x_/*y*/**z**/||'],
    ['**https://a.example/x_y_**, _https://a.example/(b)_', 'b{https://a.example/x_y_}, i{https://a.example/(b)}'],
    // Lines.
    ['> said\n> **so**\nanswer', 'quote{said\nb{so}} ¶ answer'],
    ['> > older\n> old\n>\n> end', 'quote{quote{older} ¶ old\n\nend}'],
    ['> - a\n> - b', 'quote{list{- a, - b}}'],
    ['> ```\n> a\n> ```', 'quote{fenced(){a}}'],
    ['buy\n- milk\n- **bread**,\n  two\nthen', 'buy ¶ list{- milk, - b{bread},\ntwo} ¶ then'],
    ['* a\n* b', 'list{- a, - b}'],
    ['- a\n  - b\n  - c\n- d', 'list{- a ¶ list{- b, - c}, - d}'],
    ['3. a\n4) b\n10. c', 'list{3 a, 4 b, 10 c}'],
    ['- a\n- b\n1. c', 'list{- a, - b} ¶ list{1 c}'],
    ['- a\n- b\n\n\nend', 'list{- a, - b} ¶ end'],
  ])('%j', (text, tree) => expect(drawn(richText(text))).toBe(tree));
});

describe('what is not surely a mark is words', () => {
  test.each([
    '',
    ' ',
    '\n\n',
    'snake_case_words and __init__ and _ and __',
    '2*3*4, 2**3**4, 2 * 3 * 4',
    'a || b || c, a||b||c, ||',
    '~10~ ~~ ~',
    '* alone, ** NOTE **, ***',
    '**unclosed *too _too ~~too ||too `too',
    '**x*',
    '**a\n\nb**',
    'f**k this s**t ***** five',
    '*_* (*_*) ^_^ -_- ~_~ >_< **!** T_T',
    '¯\\_(ツ)_/¯',
    '>:( >.< >no',
    '> ',
    '- what one says',
    '- one thing\n  in two lines',
    '- a\n\n- b',
    '1. Mai',
    'in the middle - so, 3. so > so',
    '-5\n-6',
    '# no heading\n\n---\n\n+ no\n+ list',
    '[words](https://a.example) ![x](y) <b>x</b> &lt;',
    '*.ts, *.js and src/*.ts',
    'C:\\*.* and /*/*.ts and **/*.ts',
    'a@b_c_.example and @some_name_ and #_x_',
    'f(*args, **kwargs)',
    '` `',
    '``````',
    '```\n```',
    '```\nnever closed',
    'one ```\ntwo\n```',
    ':) :* ;_; <3',
  ])('%j', (text) => {
    expect(drawn(richText(text))).toBe(text);
    expect(plainText(text)).toBe(text);
  });
});

describe('without marks', () => {
  test.each([
    ['**a** and ||b||', 'a and ▒▒▒▒'],
    ['**a ||b||**', 'a ▒▒▒▒'],
    ['> a\n> b\n\nc', 'a\nb\nc'],
    ['- a\n- b', '• a\n• b'],
    ['1. a\n2. **b**', '1. a\n2. b'],
    ['`a` and\n```js\nb\n```', 'a and\nb'],
    ['||```\na\n```||', '▒▒▒▒'],
  ])('%j', (text, plain) => expect(plainText(text)).toBe(plain));

  test('what is hidden is told as one likes, and no part of it', () => {
    expect(plainText('It was ||the gardener|| all along', '(hidden)')).toBe('It was (hidden) all along');
  });
});

test('words are told without code, marks or quote signs', () => {
  expect(wordsIn('a **b** `c`\n> d\n- e\n- f\n```\ng\n```')).toEqual(['a ', 'b', ' ', 'd', 'e', 'f']);
});

interface Leaf {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly isWords: boolean;
}

function leavesOf(blocks: readonly Block[], depth = 1): { leaves: Leaf[]; depth: number } {
  let deepest = depth;
  const inline = (parts: readonly Inline[], at: number): Leaf[] => {
    deepest = Math.max(deepest, at);
    return parts.flatMap((part) =>
      'text' in part ? [{ ...part, isWords: part.kind === 'words' }] : inline(part.inside, at + 1),
    );
  };
  const below = (inside: readonly Block[]) => {
    const { leaves, depth: under } = leavesOf(inside, depth + 1);
    deepest = Math.max(deepest, under);
    return leaves;
  };
  const leaves = blocks.flatMap((block) => {
    if (block.kind === 'paragraph') return inline(block.inside, depth + 1);
    if (block.kind === 'fenced') return [{ ...block, isWords: false }];
    if (block.kind === 'quote') return below(block.inside);
    return block.items.flatMap(({ inside }) => below(inside));
  });
  return { leaves, depth: deepest };
}

const BITS = [
  '*',
  '**',
  '***',
  '_',
  '~~',
  '||',
  '`',
  '``',
  '```',
  '\n',
  '\n\n',
  '> ',
  '>',
  '- ',
  '1. ',
  '  ',
  ' ',
  'a',
];
const MORE = [
  'B c',
  '.',
  '/',
  '://',
  'http://x.y/',
  '(',
  ')',
  '@mara',
  '👍',
  'は',
  'ש',
  '\\',
  '\r\n',
  '\t',
  '\ud83d',
  '\u0301',
];
const anything = fc.oneof(
  fc.array(fc.constantFrom(...BITS, ...MORE), { maxLength: 60 }).map((bits) => bits.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

test('every character of any text is in the tree, in its order, but for marks and the room around them', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { leaves, depth } = leavesOf(richText(text));
      let at = 0;
      for (const { from, to, text: said, isWords } of leaves) {
        expect(text.slice(at, from)).toMatch(/^(?:[*_~|>\-\s]|\d{1,9}[.)])*$/);
        if (isWords) expect(said).toBe(text.slice(from, to));
        else if (!said.includes('\n')) expect(text.slice(from, to)).toContain(said);
        at = to;
      }
      expect(text.slice(at)).toMatch(/^(?:[*_~|>\-\s])*$/);
      expect(depth).toBeLessThanOrEqual(16);
      expect(richText(text)).toEqual(richText(text));
    }),
    { numRuns: 3_000 },
  );
});

test('a text without a mark is one run of words', () => {
  const unmarked = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 200 })
    .map((text) => text.replace(/[*_~|`>.)-]/g, '.'));
  fc.assert(
    fc.property(unmarked, (text) => {
      expect(wordsIn(text)).toEqual([text]);
      expect(plainText(text)).toBe(text);
    }),
  );
});

test('what is put between marks is what stands between them', () => {
  const said = fc.stringMatching(/^[a-z](?:[a-z ]{0,20}[a-z])?$/);
  fc.assert(
    fc.property(said, fc.constantFrom('**', '*', '_', '~~', '||', '`'), said, said, (before, mark, text, after) => {
      const [paragraph] = richText(`${before} ${mark}${text}${mark} ${after}`);
      const part = paragraph?.kind === 'paragraph' ? paragraph.inside[1]! : null;
      expect(part).toMatchObject({ from: before.length + 1, to: before.length + 1 + text.length + 2 * mark.length });
      expect(part && ('text' in part ? part.text : drawnInline(part.inside))).toBe(text);
    }),
  );
});

test('128 kB of anything are read in no time, and never nested deeply', () => {
  const parts = [
    ...BITS,
    ...MORE,
    '**a ',
    '*a_ ',
    '_a* ',
    'a* ',
    '> a\n',
    '- a\n',
    '  - a\n',
    '`a\n',
    '```\n',
    '```\na\n```\n',
  ];
  const hostile = [...parts, '***a** ', '*a **b ***c ', '||a||', '`` ` ', ' \n', '*!', '> > > > > ', '<', '['];
  const timed = (text: string) => {
    const began = performance.now();
    plainText(text);
    return performance.now() - began;
  };
  for (const part of hostile) {
    const text = part.repeat(131_072 / part.length);
    // What takes time in proportion to the square of the text takes seconds.
    expect(Math.min(timed(text), timed(text)), part).toBeLessThan(800);
    expect(leavesOf(richText(text)).depth, part).toBeLessThanOrEqual(16);
  }
});
