/** The text of a message: its links and code, and of a long one the beginning until one asks for the rest. */
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from '../parts/link.tsx';
import { parseRoute, type Screen } from '../routes.ts';
import { t } from '../text/text.ts';
import { isLong, isPictograms, piecesOf } from './pieces.ts';

/** `meta` stands in the last line where there is room, else below. */
export function Body({ text, meta }: { text: string; meta: ReactNode }) {
  const [whole, setWhole] = useState(false);
  const folded = !whole && isLong(text);
  const kind = isPictograms(text) ? 'pictograms' : folded ? 'folded' : 'whole';
  return (
    <>
      <div className="text" data-kind={kind} dir="auto">
        <Pieces text={text} />
        {!folded && meta}
      </div>
      {folded && (
        <div className="text-foot">
          <Button className="text-button" onPress={() => setWhole(true)}>
            {t('showAll')}
          </Button>
          {meta}
        </div>
      )}
    </>
  );
}

function Pieces({ text }: { text: string }) {
  return piecesOf(text).map(({ kind, text, href }, i) => {
    if (kind === 'words') return text;
    const screen = kind === 'link' ? conversationAt(href) : null;
    if (screen) {
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
        <Link key={i} to={screen}>
          {text}
        </Link>
      );
    }
    if (kind === 'link') {
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
        <a key={i} href={href} target="_blank" rel="noopener noreferrer">
          {text}
        </a>
      );
    }
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: likewise
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
      <pre key={i} className="code" dir="ltr" tabIndex={0}>
        <code>{text}</code>
      </pre>
    );
  });
}

/** An address of a chat or message on this server opens here, for whoever looks. */
function conversationAt(href: string): Screen | null {
  const url = URL.parse(href);
  if (url?.origin !== location.origin) return null;
  const { screen } = parseRoute(url.pathname);
  return screen.at === 'conversation' ? screen : null;
}
