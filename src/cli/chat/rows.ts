/** A timeline as rows of a terminal, each no wider than the screen, so that scrolling passes over nothing. */
import type { ConversationView, TimelineItem } from '../../client/views.ts';
import type { Entry } from '../../protocol/entities.ts';
import { sentenceOf } from '../failure.ts';
import { FOLDED, marksOf, namedIn, oneLine, said } from '../print.ts';
import { lineOf, styled } from '../styled.ts';
import { stateOf, TICKS } from '../ticks.ts';

export interface Span {
  readonly text: string;
  readonly color?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
}

export interface Row {
  /** The item's, and the number of the row in it. */
  readonly key: string;
  readonly spans: readonly Span[];
}

export interface Looks {
  readonly conversation: ConversationView;
  readonly self: string;
  readonly columns: number;
  /** What is above it was not read when the conversation was opened. */
  readonly readTo: number;
  /** Shows also what is hidden in texts. */
  readonly revealed?: boolean;
  name(user: string): string;
}

const TIME_COLUMNS = 6;
const INDENT = ' '.repeat(TIME_COLUMNS);

export function rowsOf(items: readonly TimelineItem[], looks: Looks): Row[] {
  const entries = new Map(items.flatMap((item) => (item.kind === 'entry' ? [[item.entry.seq, item.entry]] : [])));
  const rows: Row[] = [];
  let day = '';
  let isNew = false;
  for (const item of items) {
    if (item.kind === 'gap') {
      rows.push({
        key: `gap ${item.from}`,
        spans: [aside('… older messages that are not here', looks)],
      });
      continue;
    }
    const { key, at } = item.kind === 'entry' ? { key: String(item.entry.seq), at: item.entry.at } : item.pending;
    if (dayOf(at) !== day) {
      day = dayOf(at);
      rows.push({ key: `day ${key}`, spans: [aside(`── ${day} ──`, looks)] });
    }
    if (item.kind === 'entry' && !isNew && item.entry.seq > looks.readTo && item.entry.sender !== looks.self) {
      isNew = true;
      rows.push({ key: 'new', spans: [{ ...aside('── new ──', looks), dim: false, color: 'green' }] });
    }
    const lines = item.kind === 'entry' ? entryRows(item, entries, looks) : pendingRows(item.pending, looks);
    lines.forEach((spans, i) => {
      const before: Span = i === 0 ? { text: `${timeOf(at)} `, dim: true } : { text: INDENT };
      rows.push({ key: `${key}:${i}`, spans: [before, ...spans] });
    });
  }
  return rows;
}

function aside(text: string, { columns }: Looks): Span {
  return { text: INDENT + fit(text, columns - TIME_COLUMNS), dim: true };
}

type Line = readonly Span[];

type EntryItem = Extract<TimelineItem, { kind: 'entry' }>;

function entryRows({ entry, acts, blocked }: EntryItem, entries: ReadonlyMap<number, Entry>, looks: Looks): Line[] {
  if (blocked) return wrap(FOLDED, looks.columns).map((text) => [{ text, dim: true }]);
  const { conversation, self, columns, name } = looks;
  const names = new Map(namedIn(entry).map((user) => [user, name(user)]));
  const sender = names.get(entry.sender) ?? '…';
  const what = said(entry, names, (text) => styled(text, looks.revealed));
  if (entry.kind !== 'message') return wrap(`${sender} ${what}`, columns).map((text) => [{ text, dim: true }]);
  const own = entry.sender === self;
  const state = own ? stateOf(entry.seq, conversation, self) : null;
  const tail = state && { text: TICKS[state], ...(state === 'read' ? { color: 'cyan' } : { dim: true }) };
  const told = message(own ? 'You' : sender, own, what, tail, columns);
  const marks = acts && marksOf(acts).trim();
  if (marks) told.push([{ text: fit(marks, columns - TIME_COLUMNS), dim: true }]);
  if (entry.ref === undefined) return told;
  const answered = entries.get(entry.ref);
  const quote = answered
    ? `${name(answered.sender)}: ${oneLine(said(answered, new Map(), lineOf))}`
    : 'an older message';
  return [[{ text: fit(`↪ ${quote}`, columns - TIME_COLUMNS), dim: true }], ...told];
}

function pendingRows(
  { text, state, code }: Extract<TimelineItem, { kind: 'pending' }>['pending'],
  looks: Looks,
): Line[] {
  const lines = message(
    'You',
    true,
    styled(text, looks.revealed),
    { text: state === 'refused' ? '!' : '…', dim: true },
    looks.columns,
  );
  if (state !== 'refused') return lines;
  const why = `Not sent. ${sentenceOf(code ?? 'internal')} Ctrl+R tries again, Ctrl+X removes it.`;
  return [...lines, ...wrap(why, looks.columns).map((text): Line => [{ text, color: 'red' }])];
}

function message(who: string, own: boolean, text: string, tail: Span | null, columns: number): Line[] {
  const begin = `${who}: `;
  const lines = wrap(`${begin}${text}${tail ? ` ${tail.text}` : ''}`, columns);
  return lines.map((line, i) => {
    const spans: Span[] = [];
    let rest = line;
    if (i === 0) {
      const name = rest.startsWith(begin) ? begin : rest;
      spans.push({ text: name, bold: true, color: own ? 'green' : 'yellow' });
      rest = rest.slice(name.length);
    }
    const ends = tail && i === lines.length - 1 && rest.endsWith(tail.text);
    spans.push({ text: ends ? rest.slice(0, -tail.text.length) : rest });
    if (ends) spans.push(tail);
    return spans;
  });
}

/** Beside the time, broken between words where that is possible. */
function wrap(text: string, columns: number): string[] {
  const width = Math.max(1, columns - TIME_COLUMNS);
  return text
    .replaceAll('\t', '    ')
    .split('\n')
    .flatMap((line) =>
      Bun.wrapAnsi(line, Math.max(1, width - spare(line)), { hard: true, trim: false })
        .split('\n')
        // The space at which a line was broken.
        .map((part, i) => (i === 0 ? part : part.replace(/^ /, ''))),
    );
}

/** Terminals differ in what they give to a mark that follows its letter, as in Devanagari: for these there is room. */
function spare(line: string): number {
  return Math.min(8, line.match(/\p{Mc}/gu)?.length ?? 0);
}

/** As much of a line as there is room for. */
export function fit(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Bun.stringWidth(kept + segment) >= columns) break;
    kept += segment;
  }
  return `${kept}…`;
}

function timeOf(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

function dayOf(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
}
