/** The marks of a text as a terminal shows them. */
import { type Block, type Inline, plainText, richText } from '../core/rich-text.ts';
import { oneLine, safe } from './print.ts';

const HIDDEN = '▒▒▒▒';

type Style = readonly [on: number, off: number];
const BOLD: Style = [1, 22];
const DIM: Style = [2, 22];
const CODE: Style = [7, 27];
const STYLES: Readonly<Record<'bold' | 'italic' | 'strike', Style>> = { bold: BOLD, italic: [3, 23], strike: [9, 29] };

/** What is hidden stays so unless it is asked for. */
export function styled(text: string, revealed = false): string {
  const blocks = richText(safe(text));
  // A bar or a bullet stands at the beginning of its line.
  const begin = blocks[0] && blocks[0].kind !== 'paragraph' ? '\n' : '';
  return begin + inBlocks(blocks, revealed);
}

/** In one line, without marks. */
export function lineOf(text: string): string {
  return oneLine(plainText(text, HIDDEN));
}

export function hides(text: string): boolean {
  return text.includes(HIDDEN);
}

/** As it was written where another program reads it, or one wants no styles. */
export function shown(text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styled(text) : safe(text);
}

function inBlocks(blocks: readonly Block[], revealed: boolean): string {
  return blocks
    .map((block) => {
      if (block.kind === 'paragraph') return inLine(block.inside, revealed);
      if (block.kind === 'fenced') return eachLine(block.text, (line) => `  ${within(CODE, line)}`);
      if (block.kind === 'quote') return eachLine(inBlocks(block.inside, revealed), (line) => within(DIM, '│ ') + line);
      return block.items
        .map(({ number, inside }) => {
          const begin = number === null ? '• ' : `${number}. `;
          const room = ' '.repeat(begin.length);
          return eachLine(inBlocks(inside, revealed), (line, i) => (i === 0 ? begin : room) + line);
        })
        .join('\n');
    })
    .join('\n');
}

function inLine(parts: readonly Inline[], revealed: boolean): string {
  return parts
    .map((part) => {
      if (part.kind === 'words') return part.text;
      if (part.kind === 'code') return within(CODE, part.text);
      if (part.kind === 'spoiler') return revealed ? inLine(part.inside, revealed) : HIDDEN;
      return within(STYLES[part.kind], inLine(part.inside, revealed));
    })
    .join('');
}

/** Each line by itself, so that what stands before the next one has no style. */
function within([on, off]: Style, text: string): string {
  return eachLine(text, (line) => (line === '' ? '' : `\u001b[${on}m${line}\u001b[${off}m`));
}

function eachLine(text: string, make: (line: string, i: number) => string): string {
  return text.split('\n').map(make).join('\n');
}
