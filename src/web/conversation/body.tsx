/** The text of a message: its marks, names and links, and of a long one the beginning until one asks for the rest. */
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { foldCase } from '../../core/text.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { Link } from '../parts/link.tsx';
import { parseRoute, type Screen } from '../routes.ts';
import { t } from '../text/text.ts';
import { Rich } from './rich.tsx';
import { isLong, isPictograms } from './shape.ts';
import { useSplit } from './split.ts';

const NOBODY: readonly string[] = [];

interface Props {
  readonly text: string;
  /** Whom the text calls. */
  readonly mentions?: readonly string[] | undefined;
  /** Stands in the last line where there is room, else below. */
  readonly meta: ReactNode;
}

export function Body({ text, mentions = NOBODY, meta }: Props) {
  const [whole, setWhole] = useState(false);
  const folded = !whole && isLong(text);
  const kind = text === '' ? 'bare' : isPictograms(text) ? 'pictograms' : folded ? 'folded' : 'whole';
  return (
    <>
      <div className="text" data-kind={kind} dir="auto">
        <Marked text={text} mentions={mentions} />
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

function Marked({ text, mentions }: { text: string; mentions: readonly string[] }) {
  const { user } = useMessenger();
  const names = useView((messenger) => mentions.map((one) => foldCase(messenger.profile(one)?.name ?? '')).join('\n'));
  const whom = new Map(mentions.map((one, i) => [names.split('\n')[i]!, one]));
  const split = useSplit();
  const words = (part: string) =>
    split(part).map(({ kind, text, href }, i) => {
      const called = kind === 'called' && whom.get(foldCase(text.slice(1)));
      if (called) {
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
          <span key={i} className="called" data-self={called === user || undefined}>
            {text}
          </span>
        );
      }
      if (kind !== 'link') return text;
      const screen = conversationAt(href);
      if (screen) {
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: likewise
          <Link key={i} to={screen}>
            {text}
          </Link>
        );
      }
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: likewise
        <a key={i} href={href} target="_blank" rel="noopener noreferrer">
          {text}
        </a>
      );
    });
  return <Rich text={text} words={words} />;
}

/** An address of a chat or message on this server opens here, for whoever looks. */
function conversationAt(href: string): Screen | null {
  const url = URL.parse(href);
  if (url?.origin !== location.origin) return null;
  const { screen } = parseRoute(url.pathname);
  return screen.at === 'conversation' ? screen : null;
}
