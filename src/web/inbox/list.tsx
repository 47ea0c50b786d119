import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ConversationView } from '../../client/views.ts';
import type { Point } from '../conversation/hands.ts';
import { useMessenger } from '../messenger.tsx';
import { later } from '../parts/later.tsx';
import { hasActed, useMinute } from '../parts/media.ts';
import { titleOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { chatActionsOf } from './actions.ts';
import { useHold } from './hold.ts';
import { InboxRow } from './row.tsx';

const MenuAt = later(async () => (await import('../parts/menu-at.tsx')).MenuAt);

interface Held {
  readonly id: string;
  readonly element: HTMLElement;
  readonly point: Point | null;
}

interface Props {
  readonly label: string;
  readonly views: readonly ConversationView[];
  readonly open: string | null;
  /** The end of the list is near. */
  onEnd(): void;
}

const ROW = 72;
const NEAR_END_ROWS = 20;
const FOCUS_TRIES = 20;

/** How far each list was scrolled, and what was opened from it: one comes back to it where there is room for one pane. */
const left = new Map<string, { top: number; opened: string | null }>();

/** One stop for the tab key; arrows, Home and End move inside. */
export function ConversationList({ label, views, open, onEnd }: Props) {
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLElement>(null);
  const [before] = useState(() => left.get(label) ?? { top: 0, opened: null });
  const [stop, setStop] = useState<string | null>(open === null ? before.opened : null);
  const messenger = useMessenger();
  const [menu, setMenu] = useState<Held | null>(null);
  const hold = useHold((element, point) => {
    const id = views[Number(element.dataset['index'])]?.id;
    if (id !== undefined) setMenu({ id, element, point });
  });
  const inMenu = views.find(({ id }) => id === menu?.id);
  const now = useMinute();
  const found = views.findIndex(({ id }) => id === (stop ?? open));
  const stopIndex = Math.max(0, found);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when one comes back
  useLayoutEffect(() => {
    const box = scroller.current!;
    box.scrollTop = before.top;
    if (before.opened === null || open !== null || !hasActed()) return;
    // A row cannot have the focus before the list has measured it.
    let frame = 0;
    const focus = (tries: number) => {
      if (document.activeElement !== document.body || tries === 0) return;
      box.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
      frame = requestAnimationFrame(() => focus(tries - 1));
    };
    focus(FOCUS_TRIES);
    return () => cancelAnimationFrame(frame);
  }, []);

  const keep = (event: MouseEvent) => {
    hold.click(event);
    if (event.defaultPrevented) return;
    const index = (event.target as Element).closest('[data-index]')?.getAttribute('data-index');
    const opened = index == null ? null : (views[Number(index)]?.id ?? null);
    if (opened !== null) left.set(label, { ...before, ...left.get(label), opened });
  };
  const move = (event: KeyboardEvent) => {
    if (hold.key(event)) return;
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

  const focused = useRef(false);
  const enter = ({ target }: FocusEvent) => {
    focused.current = true;
    const index = target.getAttribute('data-index');
    if (index !== null) setStop(views[Number(index)]?.id ?? null);
  };
  const leave = ({ currentTarget, relatedTarget, target }: FocusEvent) => {
    if (currentTarget.contains(relatedTarget)) return;
    // A row that is taken away, as into the archive, leaves the focus to the others.
    if (target.isConnected) focused.current = false;
    setStop(null);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever rows have come or gone
  useEffect(() => {
    if (!focused.current || document.activeElement !== document.body) return;
    scroller.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  }, [views]);

  return (
    <nav
      className="inbox-list"
      aria-label={label}
      ref={scroller}
      {...hold.hands}
      onKeyDown={move}
      onClickCapture={keep}
      onFocus={enter}
      onBlur={leave}
    >
      <Virtualizer
        ref={list}
        as="ul"
        item="li"
        data={views}
        itemSize={ROW}
        keepMounted={views.length > 0 ? [stopIndex] : []}
        onScroll={(offset) => {
          left.set(label, { ...before, ...left.get(label), top: offset });
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
      {menu && inMenu && (
        <MenuAt
          label={t('memberMenu', { name: titleOf(messenger, inMenu) })}
          actions={chatActionsOf(messenger, inMenu)}
          element={menu.element}
          point={menu.point}
          onClose={() => setMenu(null)}
        />
      )}
    </nav>
  );
}
