import { LinkifyIt } from 'linkify-it';

const finder = new LinkifyIt();

export interface Piece {
  readonly text: string;
  /** Where it leads, null for plain text. */
  readonly href: string | null;
}

/** Cuts a text at its links; only addresses of the web and of mail become links. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of finder.match(text) ?? []) {
    if (!/^(https?|mailto):/i.test(match.url)) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), href: null });
    pieces.push({ text: match.raw, href: match.url });
    from = match.lastIndex;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}
