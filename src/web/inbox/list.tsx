import { type KeyboardEvent, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ConversationView } from '../../client/views.ts';
import { useMinute } from '../parts/media.ts';
import { InboxRow } from './row.tsx';

interface Props {
  readonly label: string;
  readonly views: readonly ConversationView[];
  readonly open: string | null;
  /** The end of the list is near. */
  onEnd(): void;
}

const ROW = 72;
const NEAR_END_ROWS = 20;

/** One stop for the tab key; arrows, Home and End move inside. */
export function ConversationList({ label, views, open, onEnd }: Props) {
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLElement>(null);
  const [stop, setStop] = useState<string | null>(null);
  const now = useMinute();
  const found = views.findIndex(({ id }) => id === (stop ?? open));
  const stopIndex = Math.max(0, found);

  const move = (event: KeyboardEvent) => {
    const focused = document.activeElement?.getAttribute('data-index');
    if (focused == null || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = views.length - 1;
    const places: Record<string, number> = { ArrowDown: +focused + 1, ArrowUp: +focused - 1, Home: 0, End: last };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const next = Math.min(last, Math.max(0, place));
    list.current?.scrollToIndex(next, { align: 'nearest' });
    setStop(views[next]?.id ?? null);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }),
    );
  };

  return (
    <nav
      className="inbox-list"
      aria-label={label}
      ref={scroller}
      onKeyDown={move}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setStop(null)}
    >
      <Virtualizer
        ref={list}
        as="ul"
        item="li"
        data={views}
        itemSize={ROW}
        keepMounted={views.length > 0 ? [stopIndex] : []}
        onScroll={(offset) => {
          const bottom = list.current?.findItemIndex(offset + (list.current?.viewportSize ?? 0)) ?? 0;
          if (bottom > views.length - NEAR_END_ROWS) onEnd();
        }}
      >
        {(view, index) => (
          <InboxRow
            key={view.id}
            view={view}
            open={view.id === open}
            index={index}
            tabIndex={index === stopIndex ? 0 : -1}
            now={now}
          />
        )}
      </Virtualizer>
    </nav>
  );
}
