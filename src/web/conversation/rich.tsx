/** A text with its marks as elements: never as HTML. */
import { Fragment, type KeyboardEvent, type ReactNode, useState } from 'react';
import { type Block, type Inline, richText } from '../../core/rich-text.ts';
import { t } from '../text/text.ts';

/** What becomes of words without marks. */
type Words = (text: string) => ReactNode;

export function Rich({ text, words }: { text: string; words: Words }) {
  return blocks(richText(text), words);
}

function blocks(all: readonly Block[], words: Words): ReactNode {
  return all.map((block, i) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places
    if (block.kind === 'paragraph') return <Fragment key={i}>{inline(block.inside, words)}</Fragment>;
    if (block.kind === 'fenced') {
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: likewise
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
        <pre key={i} className="code" dir="ltr" tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    }
    if (block.kind === 'quote') {
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: likewise
        <blockquote key={i} dir="auto">
          {blocks(block.inside, words)}
        </blockquote>
      );
    }
    const List = block.ordered ? 'ol' : 'ul';
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: likewise
      <List key={i} dir="auto">
        {block.items.map(({ number, inside }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: likewise
          <li key={at} value={number ?? undefined}>
            {blocks(inside, words)}
          </li>
        ))}
      </List>
    );
  });
}

const ELEMENTS = { bold: 'strong', italic: 'em', strike: 's' } as const;

function inline(parts: readonly Inline[], words: Words): ReactNode {
  return parts.map((part, i) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: likewise
    if (part.kind === 'words') return <Fragment key={i}>{words(part.text)}</Fragment>;
    if (part.kind === 'code') {
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: likewise
        <code key={i} className="code-words">
          {part.text}
        </code>
      );
    }
    // biome-ignore lint/suspicious/noArrayIndexKey: likewise
    if (part.kind === 'spoiler') return <Spoiler key={i} inside={part.inside} words={words} />;
    const Element = ELEMENTS[part.kind];
    // biome-ignore lint/suspicious/noArrayIndexKey: likewise
    return <Element key={i}>{inline(part.inside, words)}</Element>;
  });
}

/** It takes its room from the beginning; nothing in it can be read, followed or searched until one asks for it. */
function Spoiler({ inside, words }: { inside: readonly Inline[]; words: Words }) {
  const [shown, setShown] = useState(false);
  const show = () => setShown(true);
  if (shown) {
    return (
      // The same element: what has the focus keeps it.
      <span className="spoiler" tabIndex={-1}>
        <span>{inline(inside, words)}</span>
      </span>
    );
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    show();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button does not break over lines
    <span className="spoiler" role="button" tabIndex={0} aria-label={t('showHidden')} onClick={show} onKeyDown={press}>
      <span>{inline(inside, (text) => text)}</span>
    </span>
  );
}
