/** What words without marks are made of: names that somebody is called by, and addresses that one can follow. */
import { LinkifyIt } from 'linkify-it';
import { calledIn } from '../../core/mentions.ts';

const finder = new LinkifyIt();
/** Without a scheme, only what goes on after the host: `parley.example/x`, but no file and no end of a sentence. */
const BARE =
  /(?<![\p{L}\p{N}\p{M}@/.:_-])(?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,24}(?::\d{1,5})?\/(?:[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}])?/gu;

export interface Piece {
  readonly kind: 'words' | 'called' | 'link';
  readonly text: string;
  /** Where a link leads, '' for anything else. */
  readonly href: string;
}

/** Only addresses of the web and of mail become links. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of finder.match(text) ?? []) {
    if (!/^(https?|mailto):/i.test(match.url)) continue;
    pieces.push(...bareIn(text.slice(from, match.index)));
    pieces.push({ kind: 'link', text: match.raw, href: match.url });
    from = match.lastIndex;
  }
  return [...pieces, ...bareIn(text.slice(from))];
}

function bareIn(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(BARE)) {
    pieces.push(...calledOrNot(text.slice(from, index)));
    // A port is a sign of a machine nearby, which seldom has a certificate.
    pieces.push({ kind: 'link', text: found, href: `${/:\d/.test(found) ? 'http' : 'https'}://${found}` });
    from = index + found.length;
  }
  return [...pieces, ...calledOrNot(text.slice(from))];
}

function calledOrNot(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const take = (kind: 'words' | 'called', to: number) => {
    if (to > from) pieces.push({ kind, text: text.slice(from, to), href: '' });
    from = to;
  };
  for (const { index, name } of calledIn(text)) {
    take('words', index);
    take('called', index + 1 + name.length);
  }
  take('words', text.length);
  return pieces;
}
