/**
 * The marks that people type around words, read into a tree: nothing of it is ever HTML, and the text stays as it was
 * written. What is not surely a mark is words. Takes time in proportion to the text, whatever it is, and never throws.
 */

/** `from` and `to` are places in the text, with the marks around it. */
interface Placed {
  readonly from: number;
  readonly to: number;
}

export interface Words extends Placed {
  readonly kind: 'words';
  readonly text: string;
}

export interface Code extends Placed {
  readonly kind: 'code';
  readonly text: string;
}

export interface Marked extends Placed {
  readonly kind: 'bold' | 'italic' | 'strike' | 'spoiler';
  readonly inside: readonly Inline[];
}

export type Inline = Words | Code | Marked;

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly inside: readonly Inline[];
}

/** Lines between two of three backticks. */
export interface Fenced extends Placed {
  readonly kind: 'fenced';
  /** What stands behind the first backticks, '' for nothing. */
  readonly language: string;
  readonly text: string;
}

export interface Quote {
  readonly kind: 'quote';
  readonly inside: readonly Block[];
}

export interface List {
  readonly kind: 'list';
  readonly ordered: boolean;
  readonly items: readonly ListItem[];
}

export interface ListItem {
  /** As it was written; null in a list without numbers. */
  readonly number: number | null;
  readonly inside: readonly Block[];
}

export type Block = Paragraph | Fenced | Quote | List;

/** Where the words of a line are, without what makes it a line of a quote or list. */
type Line = Placed;

/** Quotes in quotes and lists in lists; what is deeper stays at this level. */
const DEPTH_MAX = 3;

/** Without any of these a text is words and nothing else. */
const MARKS = /[*_`]|~~|\|\||^>[^\S\n]|^[^\S\n]*(?:-|\d{1,9}[.)])[^\S\n]/m;
const FENCE = /^```([^`]*)$/;
const FENCE_END = /^```\s*$/;
const QUOTE = /^>\s+\S/;
const QUOTE_GOES_ON = /^>(?:\s|$)/;
const ITEM = /^(\s*)(?:[-*]|(\d{1,9})[.)])\s+(?=\S)/;
const ITEM_GOES_ON = /^\s{2,}(?=\S)/;

export function richText(text: string): Block[] {
  if (text === '') return [];
  if (!MARKS.test(text)) return [{ kind: 'paragraph', inside: [wordsOf(text, 0, text.length)] }];
  let from = 0;
  const lines = text.split('\n').map(({ length }) => {
    const line = { from, to: from + length };
    from += length + 1;
    return line;
  });
  return blocksIn(text, lines, 0);
}

/** A text without its marks; what is hidden is told by `hidden`. */
export function plainText(text: string, hidden = '▒▒▒▒'): string {
  return MARKS.test(text) ? plainBlocks(richText(text), hidden) : text;
}

/** Each run of words outside of code, in order. */
export function wordsIn(text: string): string[] {
  const found: string[] = [];
  const inline = (parts: readonly Inline[]) => {
    for (const part of parts) {
      if (part.kind === 'words') found.push(part.text);
      else if (part.kind !== 'code') inline(part.inside);
    }
  };
  const blocks = (all: readonly Block[]) => {
    for (const block of all) {
      if (block.kind === 'paragraph') inline(block.inside);
      else if (block.kind === 'quote') blocks(block.inside);
      else if (block.kind === 'list') for (const item of block.items) blocks(item.inside);
    }
  };
  blocks(richText(text));
  return found;
}

function plainBlocks(blocks: readonly Block[], hidden: string): string {
  return blocks
    .map((block) => {
      if (block.kind === 'paragraph') return plainInline(block.inside, hidden);
      if (block.kind === 'fenced') return block.text;
      if (block.kind === 'quote') return plainBlocks(block.inside, hidden);
      return block.items
        .map(({ number, inside }) => `${number === null ? '•' : `${number}.`} ${plainBlocks(inside, hidden)}`)
        .join('\n');
    })
    .join('\n');
}

function plainInline(parts: readonly Inline[], hidden: string): string {
  return parts
    .map((part) => (part.kind === 'spoiler' ? hidden : 'text' in part ? part.text : plainInline(part.inside, hidden)))
    .join('');
}

function blocksIn(text: string, lines: readonly Line[], depth: number): Block[] {
  const blocks: Block[] = [];
  const content = ({ from, to }: Line) => text.slice(from, to);
  let plain: Line[] = [];
  let mayClose = true;
  const end = (isLast = false) => {
    // What only keeps a block apart from its neighbours is not said twice; it has its own distance.
    while (blocks.length > 0 && plain[0] && content(plain[0]).trim() === '') plain.shift();
    while (!isLast && plain.length > 0 && content(plain.at(-1)!).trim() === '') plain.pop();
    if (plain.length > 0) blocks.push({ kind: 'paragraph', inside: inlineIn(text, plain) });
    plain = [];
  };
  for (let i = 0; i < lines.length; ) {
    const line = content(lines[i]!);
    const fence = mayClose ? FENCE.exec(line) : null;
    if (fence) {
      let close = i + 1;
      while (close < lines.length && !FENCE_END.test(content(lines[close]!))) close++;
      mayClose = close < lines.length;
      if (mayClose && close > i + 1) {
        end();
        const code = lines
          .slice(i + 1, close)
          .map(content)
          .join('\n');
        blocks.push({
          kind: 'fenced',
          language: fence[1]!.trim(),
          text: code,
          from: lines[i]!.from,
          to: lines[close]!.to,
        });
        i = close + 1;
        continue;
      }
    }
    let next = i + 1;
    if (depth < DEPTH_MAX && QUOTE.test(line)) {
      while (next < lines.length && QUOTE_GOES_ON.test(content(lines[next]!))) next++;
      end();
      const inner = lines.slice(i, next).map(({ from, to }) => ({ from: Math.min(from + 2, to), to }));
      blocks.push({ kind: 'quote', inside: blocksIn(text, inner, depth + 1) });
    } else if (ITEM.test(line)) {
      let items = 1;
      for (; next < lines.length; next++) {
        if (ITEM.test(content(lines[next]!))) items++;
        else if (!ITEM_GOES_ON.test(content(lines[next]!))) break;
      }
      // One line that begins with a stroke is what somebody says.
      if (items === 1) plain.push(...lines.slice(i, next));
      else {
        end();
        blocks.push(...listsOf(text, itemsOf(text, lines.slice(i, next)), 1));
      }
    } else plain.push(lines[i]!);
    i = next;
  }
  end(true);
  return blocks;
}

interface Item {
  readonly indent: number;
  readonly number: number | null;
  readonly lines: Line[];
}

function itemsOf(text: string, lines: readonly Line[]): Item[] {
  const items: Item[] = [];
  for (const { from, to } of lines) {
    const line = text.slice(from, to);
    const [mark, indent, number] = ITEM.exec(line) ?? [];
    if (mark === undefined) {
      items.at(-1)!.lines.push({ from: from + ITEM_GOES_ON.exec(line)![0].length, to });
    } else {
      items.push({
        indent: indent!.replaceAll('\t', '    ').length,
        number: number === undefined ? null : Number(number),
        lines: [{ from: from + mark.length, to }],
      });
    }
  }
  return items;
}

/** More than one where bullets and numbers take turns. */
function listsOf(text: string, items: readonly Item[], depth: number): List[] {
  const lists: { kind: 'list'; ordered: boolean; items: ListItem[] }[] = [];
  for (let i = 0; i < items.length; ) {
    const { indent, number, lines } = items[i]!;
    let next = i + 1;
    if (depth < DEPTH_MAX) while (next < items.length && items[next]!.indent >= indent + 2) next++;
    const ordered = number !== null;
    if (lists.at(-1)?.ordered !== ordered) lists.push({ kind: 'list', ordered, items: [] });
    lists.at(-1)!.items.push({
      number,
      inside: [
        { kind: 'paragraph', inside: inlineIn(text, lines) },
        ...listsOf(text, items.slice(i + 1, next), depth + 1),
      ],
    });
    i = next;
  }
  return lists;
}

const MARK = /^(?:\*{1,3}|_|~~|\|\|)$/;
const KINDS: Readonly<Record<string, Marked['kind']>> = {
  '*': 'italic',
  '**': 'bold',
  _: 'italic',
  '~~': 'strike',
  '||': 'spoiler',
};

/** Letters of writing that has spaces: a mark within such a word is none, as in snake_case or 2*3*4. */
const LETTER = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u;
/** What stands before a mark that is part of an address, a path, a formula or a gesture. */
const BOUND = /[/\\:.=&%+#@$<^]/;
/** Nor does one close behind these, as in src/*.ts. */
const PATH = /[/\\]/;
/** Something to see: marks around nothing but signs are signs, as in *_*. */
const SAYS = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const ADDRESS_END = /[\s<>"`]/;
/** At the end of an address these belong to what is around it. */
const BEHIND_ADDRESS = /[*_~|.,;:!?)\]}'”’]/;

interface Open {
  readonly sign: string;
  /** Signs that nothing closed yet. */
  left: number;
  /** Which of the parts it is. */
  readonly at: number;
}

function inlineIn(text: string, lines: readonly Line[]): Inline[] {
  const parts: Inline[] = [];
  // At most one of each sign and length: the nearer one is meant. So nothing is nested deeper than there are marks.
  let open: Open[] = [];
  const opens = (sign: string, left: number, at: number) => {
    open = open.filter((one) => one.sign !== sign || one.left !== left);
    open.push({ sign, left, at });
  };
  const words = (from: number, to: number) => {
    if (to > from) parts.push(wordsOf(text, from, to));
  };

  /** How many of the signs at `at` close something. */
  const close = (sign: string, at: number, count: number): number => {
    let closed = 0;
    while (closed < count) {
      const left = count - closed;
      const level = open.findLastIndex((one) => one.sign === sign && fits(one.left, left));
      const one = open[level];
      if (!one) break;
      const begin = parts[one.at]!;
      open = open.slice(0, level);
      if (!SAYS.test(text.slice(begin.to, at)) && sign !== '|') break;
      const used = Math.min(one.left, left, 2);
      const from = begin.to - used;
      const inside = joined(text, parts.splice(one.at + 1));
      parts.pop();
      words(begin.from, from);
      if (one.left > used) opens(sign, one.left - used, one.at);
      closed += used;
      parts.push({ kind: KINDS[sign.repeat(used)]!, from, to: at + closed, inside });
    }
    return closed;
  };

  lines.forEach(({ from, to }, number) => {
    let said = from;
    let at = from;
    const uncoded = new Set<number>();
    if (text.slice(from, to).trim() === '') open = open.filter(({ sign }) => sign === '|');
    while (at < to) {
      const sign = text[at]!;
      if (sign === ':' && text.startsWith('//', at + 1)) {
        at = addressEnd(text, at + 3, to);
        continue;
      }
      if (!'*_~|`'.includes(sign)) {
        at++;
        continue;
      }
      let end = at + 1;
      while (end < to && text[end] === sign) end++;
      const count = end - at;
      if (sign === '`') {
        const code = count > 3 || uncoded.has(count) ? -1 : codeEnd(text, end, to, count);
        if (code < 0) uncoded.add(count);
        else if (text.slice(end, code).trim() !== '') {
          words(said, at);
          said = code + count;
          parts.push({ kind: 'code', from: at, to: said, text: text.slice(end, code) });
          end = said;
        }
      } else if (MARK.test(text.slice(at, end))) {
        const before = at > from ? text[at - 1]! : '';
        const after = end < to ? text[end]! : '';
        if (before.trim() !== '' && !PATH.test(before) && !LETTER.test(after)) {
          words(said, at);
          said = at + close(sign, at, count);
        }
        if (said <= at && after.trim() !== '' && !LETTER.test(before) && !BOUND.test(before)) {
          words(said, at);
          said = end;
          opens(sign, count, parts.push(wordsOf(text, at, end)) - 1);
        }
      }
      at = end;
    }
    words(said, number < lines.length - 1 ? to + 1 : to);
  });
  return joined(text, parts);
}

/** Two signs close two, and one closes one; three are both. */
const fits = (opened: number, closing: number) => opened === closing || opened === 3 || closing === 3;

function addressEnd(text: string, from: number, to: number): number {
  let end = from;
  while (end < to && !ADDRESS_END.test(text[end]!)) end++;
  while (end > from && BEHIND_ADDRESS.test(text[end - 1]!)) end--;
  return end;
}

/** Where as many backticks stand as began it, on the same line; -1 for nowhere. */
function codeEnd(text: string, from: number, to: number, count: number): number {
  for (let at = text.indexOf('`', from); at >= 0 && at < to; at = text.indexOf('`', at)) {
    const begin = at;
    while (at < to && text[at] === '`') at++;
    if (at - begin === count) return begin;
  }
  return -1;
}

function wordsOf(text: string, from: number, to: number): Words {
  return { kind: 'words', from, to, text: text.slice(from, to) };
}

/** Marks that marked nothing are words like those beside them. */
function joined(text: string, parts: readonly Inline[]): Inline[] {
  const whole: Inline[] = [];
  let from = 0;
  parts.forEach((part, i) => {
    const before = parts[i - 1];
    const next = parts[i + 1];
    if (part.kind !== 'words') whole.push(part);
    else {
      if (before?.kind !== 'words' || before.to !== part.from) from = part.from;
      if (next?.kind !== 'words' || next.from !== part.to) whole.push(wordsOf(text, from, part.to));
    }
  });
  return whole;
}
