/**
 * What was looked for, marked in the chat to which it led: until Escape, or until one looks for something else. The
 * browser lays it over the words that stand there, so no message is drawn anew.
 */
import { found, type Query } from '../../core/search.ts';
import { onAsked } from './asked.ts';

const NAME = 'looked-for';
const TEXTS = '[role=log] :is(.text, .file-name)';
/** What is no word of the message, or is hidden in it. */
const NOT_WORDS = '.meta, .spoiler[role=button], .unseen';
const BLOCKS = 'blockquote, li, pre, .text, .file-name';
/** Over the page, and closed by Escape themselves; the field of the search empties itself. */
const OVER = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

let end: (() => void) | null = null;

export function markFound(conversation: string, query: Query): void {
  end?.();
  if (query.words.length === 0 || !('highlights' in CSS)) return;
  let frame = 0;
  const paint = () => {
    frame = 0;
    // Beside another chat there is nothing to mark, and back in this one there is.
    const isHere = location.pathname.includes(`/${conversation}`);
    const texts = isHere ? [...document.querySelectorAll(TEXTS)] : [];
    CSS.highlights.set(NAME, new Highlight(...texts.flatMap((text) => rangesIn(text, query))));
  };
  const later = () => {
    frame ||= requestAnimationFrame(paint);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing || document.querySelector(OVER)) return;
    if ((event.target as Element).closest('.search-head')) return;
    event.preventDefault();
    event.stopPropagation();
    end?.();
  };
  const watch = new MutationObserver(later);
  watch.observe(document.body, { childList: true, characterData: true, subtree: true });
  addEventListener('keydown', press, true);
  const stop = onAsked(() => end?.());
  end = () => {
    cancelAnimationFrame(frame);
    watch.disconnect();
    removeEventListener('keydown', press, true);
    stop();
    CSS.highlights.delete(NAME);
    end = null;
  };
  later();
}

function rangesIn(element: Element, query: Query): Range[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: { readonly node: Node; readonly from: number }[] = [];
  let text = '';
  let block: Element | null = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!;
    if (parent.closest(NOT_WORDS)) continue;
    const its = parent.closest(BLOCKS);
    // A word does not go on in the next paragraph.
    if (block && its !== block) text += '\n';
    block = its;
    nodes.push({ node, from: text.length });
    text += node.nodeValue;
  }
  return found(query, text).flatMap(({ from, to }) => {
    const range = new Range();
    const first = nodes.findLast((each) => each.from <= from);
    const last = nodes.findLast((each) => each.from < to);
    if (!first || !last) return [];
    range.setStart(first.node, Math.min(from - first.from, lengthOf(first.node)));
    range.setEnd(last.node, Math.min(to - last.from, lengthOf(last.node)));
    return range;
  });
}

const lengthOf = (node: Node) => node.nodeValue?.length ?? 0;
