import { Fragment } from 'react';
import { found, type Query } from '../../core/search.ts';

/** Characters that stand before the first place, so that it is in sight. */
const BEFORE = 24;
const LENGTH = 200;

/** A text in one line, from shortly before the first place that was found, with all of them marked. */
export function Marked({ text, query }: { text: string; query: Query }) {
  const places = found(query, text);
  const first = places[0]?.from ?? 0;
  const start = first <= BEFORE ? 0 : startOfWord(text, first - BEFORE);
  const end = Math.min(text.length, start + LENGTH);
  const parts: React.ReactNode[] = [start > 0 ? '…' : ''];
  let at = start;
  for (const { from, to } of places) {
    if (from >= end) break;
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  parts.push(text.slice(at, Math.max(at, end)), end < text.length ? '…' : '');
  return (
    <>
      {parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in their order
        <Fragment key={i}>{part}</Fragment>
      ))}
    </>
  );
}

function startOfWord(text: string, near: number): number {
  const space = text.slice(near, near + BEFORE).search(/\s/);
  return space < 0 ? near : near + space + 1;
}
