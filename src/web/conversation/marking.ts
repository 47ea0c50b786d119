/** Marks by keys where one writes, and marks that are kept when a part of a message is copied. */
import { marksIn } from './copied.ts';

interface Mark {
  readonly open: string;
  readonly close: string;
}

interface Change {
  /** What is replaced, and by what. */
  readonly from: number;
  readonly to: number;
  readonly by: string;
  /** What is chosen afterwards. */
  readonly chosen: readonly [from: number, to: number];
}

const CODE: Mark = { open: '`', close: '`' };
const LINES: Mark = { open: '```\n', close: '\n```' };
/** By the key that is held with Ctrl or ⌘. */
export const MARKS: Readonly<Record<string, Mark>> = {
  b: { open: '**', close: '**' },
  i: { open: '_', close: '_' },
  'shift x': { open: '~~', close: '~~' },
  e: CODE,
};

/** Puts a mark around what is chosen, or takes away the one that is there, inside of what is chosen or around it. */
export function toggled(text: string, start: number, end: number, mark: Mark): Change {
  const chosen = text.slice(start, end);
  // Beside a space a mark is none.
  const from = start + (chosen.length - chosen.trimStart().length);
  const to = Math.max(from, end - (chosen.length - chosen.trimEnd().length));
  const inner = text.slice(from, to);
  const { open, close } = mark === CODE && inner.includes('\n') ? LINES : mark;
  const [before, after] = [from - open.length, to + close.length];
  if (before >= 0 && text.slice(before, from) === open && text.slice(to, after) === close) {
    return { from: before, to: after, by: inner, chosen: [before, before + inner.length] };
  }
  if (inner.length >= open.length + close.length && inner.startsWith(open) && inner.endsWith(close)) {
    const bare = inner.slice(open.length, inner.length - close.length);
    return { from, to, by: bare, chosen: [from, from + bare.length] };
  }
  const at = from + open.length;
  return { from, to, by: open + inner + close, chosen: [at, at + inner.length] };
}

function press(event: KeyboardEvent): void {
  const { target, key, altKey, ctrlKey, metaKey, shiftKey, isComposing } = event;
  const mark = MARKS[`${shiftKey ? 'shift ' : ''}${key.toLowerCase()}`];
  if (!mark || ctrlKey === metaKey || altKey || isComposing) return;
  if (!(target instanceof HTMLTextAreaElement) || !target.matches('.composer-field')) return;
  event.preventDefault();
  const { from, to, by, chosen } = toggled(target.value, target.selectionStart, target.selectionEnd, mark);
  target.setSelectionRange(from, to);
  // As if it were typed: the browser's own undo takes it back.
  document.execCommand('insertText', false, by);
  target.setSelectionRange(...chosen);
}

function copied(event: ClipboardEvent): void {
  const selection = getSelection();
  const isField = event.target instanceof Element && event.target.matches('input, textarea');
  if (isField || !selection || selection.isCollapsed) return;
  const marks = marksIn(selection.getRangeAt(0));
  if (marks === null) return;
  event.clipboardData?.setData('text/plain', marks);
  event.preventDefault();
}

export function listen(): void {
  document.addEventListener('keydown', press);
  document.addEventListener('copy', copied);
}
