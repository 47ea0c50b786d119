import { useLayoutEffect, useRef, useState } from 'react';
import type { ConversationView } from '../../client/views.ts';
import { later } from '../parts/later.tsx';
import { t } from '../text/text.ts';

const Details = later(async () => (await import('./details.tsx')).Details);

interface Props {
  readonly view: ConversationView;
  readonly open: boolean;
  readonly wide: boolean;
}

/** What is known of a conversation, beside it; closed, it is there until it has moved away. */
export function DetailsPane({ view, open, wide }: Props) {
  const pane = useRef<HTMLElement>(null);
  const [shown, setShown] = useState(open);
  if (open && !shown) setShown(true);
  useLayoutEffect(() => {
    if (open) return;
    const moving = pane.current?.getAnimations() ?? [];
    if (moving.length === 0) return setShown(false);
    let again = false;
    void Promise.allSettled(moving.map(({ finished }) => finished)).then(() => again || setShown(false));
    return () => {
      again = true;
    };
  }, [open]);
  if (!shown) return null;
  return (
    <section
      ref={pane}
      className="details-pane"
      role={wide ? 'complementary' : 'main'}
      aria-label={t('details')}
      inert={!open}
    >
      <Details view={view} open={open} wide={wide} />
    </section>
  );
}
