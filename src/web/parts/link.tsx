import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { go, hrefOf } from '../router.ts';
import type { Screen } from '../routes.ts';

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: Screen;
}

/** A link of the app: a click with a modifier is the browser's, as on any link. */
export function Link({ to, ...rest }: Props) {
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={click} />;
}
