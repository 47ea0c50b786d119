/** Splits texts into pieces. What finds addresses is large: until it has come a text is words. So with marks by keys. */
import { useSyncExternalStore } from 'react';
import { alsoLater } from '../parts/later.tsx';
import type { Piece } from './pieces.ts';

type Split = (text: string) => readonly Piece[];

const words: Split = (text) => [{ kind: 'words', text, href: '' }];
const shown = new Set<() => void>();
let split: Split = words;

alsoLater(async () => {
  split = (await import('./pieces.ts')).piecesOf;
  for (const again of shown) again();
});

alsoLater(async () => (await import('./marking.ts')).listen());

function subscribe(again: () => void): () => void {
  shown.add(again);
  return () => shown.delete(again);
}

export function useSplit(): Split {
  return useSyncExternalStore(subscribe, () => split);
}
