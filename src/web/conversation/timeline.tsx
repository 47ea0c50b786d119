import { ArrowDown } from 'lucide-react';
import {
  type MouseEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { Timeline as Window } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import type { Entry, MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { later } from '../parts/later.tsx';
import { useMinute } from '../parts/media.ts';
import { SkeletonBubbles } from '../parts/skeleton.tsx';
import type { Screen } from '../routes.ts';
import { countText } from '../text/people.ts';
import { t } from '../text/text.ts';
import { dayName, dayOf } from '../text/time.ts';
import { focusMessage, type Point, useHands } from './hands.ts';
import { keepPlace, type Place, placeOf } from './place.ts';
import { mayWrite } from './request.ts';
import { TimelineRow } from './row.tsx';
import { keepRows, type Row, rowsOf } from './rows.ts';
import { useTimelineScroll } from './scroll.ts';
import { useStaged } from './staging.ts';
import { type More, queued } from './told.ts';
import './timeline.css';
import './message.css';
import './reactions.css';

const MessageMenu = later(async () => (await import('./message-menu.tsx')).MessageMenu);
const Receipts = later(async () => (await import('./receipts.tsx')).Receipts);
const ReactionPicker = later(async () => (await import('./react.tsx')).ReactionPicker);
const PersonCard = later(async () => (await import('../people/card.tsx')).PersonCard);
const ReportDialog = later(async () => (await import('../people/report.tsx')).ReportDialog);
const Forward = later(async () => (await import('./asked.tsx')).Forward);
const DeleteForAll = later(async () => (await import('./asked.tsx')).DeleteForAll);
const Viewer = later(async () => (await import('./viewer.tsx')).Viewer);
const History = later(async () => (await import('./asked.tsx')).History);

/** Rows this far from the screen are there already, and as high as they are: so what comes on screen stands still. */
const BUFFER_PX = 1_000;
/** At the end the list has none above what is on screen before it has come to rest; so these are there from the first. */
const LAST_ROWS = 32;
const NONE: readonly number[] = [];
/** What hangs on that which was pressed, and not on the bubble. */
const STAYS: ReadonlySet<More> = new Set(['person', 'picture']);

export interface TimelineHandle {
  /** Goes to the newest message and stays there. */
  toNewest(): void;
  /** Gives the focus to one's own newest message. */
  toOwn(): void;
  /** One's own newest message that stands, of those that are held. */
  own(): MessageEntry | null;
  show(seq: number): void;
}

interface Held {
  readonly row: Row;
  readonly element: HTMLElement;
  readonly point: Point | null;
}

interface Props {
  readonly ref: React.Ref<TimelineHandle>;
  readonly view: ConversationView;
  readonly timeline: Window;
  /** What had been read when the conversation was opened, null when there was nothing unread. */
  readonly unreadAfter: number | null;
  /** Where to open, null for the first unread message or the end. */
  readonly place: Place | null;
  /** The screen that asks for a message, null for one that asks for none; another object each time that it is gone to. */
  readonly asked: Extract<Screen, { at: 'conversation' }> | null;
  /** The address is that of this conversation. */
  readonly addressed: boolean;
  onReply(seq: number): void;
  onEdit(entry: MessageEntry): void;
  /** One goes back to writing. */
  onWrite(): void;
}

export function Timeline(props: Props) {
  const { ref, view, timeline, unreadAfter, place, asked, addressed, onReply, onEdit, onWrite } = props;
  const messenger = useMessenger();
  const now = useMinute();
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const subscribe = useCallback(
    (run: () => void) =>
      timeline.subscribe(() => {
        // Between a jump of its own and the event that tells it, the list draws the rows of the same numbers as before,
        // and above other ones those are others. So it is told before there are others.
        scroller.current?.dispatchEvent(new Event('scroll'));
        run();
      }),
    [timeline],
  );
  const window = useSyncExternalStore(subscribe, () => timeline.view());
  const before = useRef<readonly Row[]>([]);
  const next = useMemo(() => {
    before.current = keepRows(before.current, rowsOf(window, messenger.user, unreadAfter));
    return before.current;
  }, [window, messenger.user, unreadAfter]);
  const { rows, shift } = useStaged(next, () => list.current?.findItemIndex(list.current.scrollOffset) ?? 0);
  const [over, setOver] = useState<Over | null>(null);
  const [found, setFound] = useState(place?.above === null ? place.seq : null);

  const seen = (last: number) => {
    if (document.visibilityState !== 'visible') return;
    const newest = rows.slice(0, last + 1).findLast(({ item }) => item.kind === 'entry')?.item;
    if (newest?.kind === 'entry') messenger.markRead(view.id, newest.entry.seq);
  };
  const online = useView((messenger) => messenger.status().state === 'online');
  const onRest = (at: Place | null) => keepPlace(view.id, at, addressed);
  const scroll = useTimelineScroll({
    list,
    scroller,
    rows,
    view: window,
    timeline,
    place,
    online,
    onSeen: seen,
    onRest,
  });
  useImperativeHandle(ref, () => ({
    toNewest: () => void scroll.toNewest(),
    toOwn: () => {
      const own = [...(scroller.current?.querySelectorAll<HTMLElement>('.message[data-own]') ?? [])].at(-1);
      if (own) focusMessage(own);
    },
    own: () => {
      const own = rows.findLast(({ item, own }) => own && item.kind === 'entry' && isStanding(item.entry))?.item;
      return own?.kind === 'entry' ? (own.entry as MessageEntry) : null;
    },
    show: (seq) => void show(seq),
  }));
  const [menu, setMenu] = useState<Held | null>(null);
  const rowOf = (element: Element) => {
    const key = element.closest('.message')?.getAttribute('data-key');
    return rows.find((row) => row.key === key);
  };
  const openMenu = (element: HTMLElement, point: Point | null) => {
    const row = rowOf(element);
    if (row) setMenu({ row, element: element.querySelector<HTMLElement>('.bubble') ?? element, point });
  };
  const answer = (element: Element) => {
    const seq = seqOfMessage(rowOf(element));
    if (seq !== null && mayWrite(view)) onReply(seq);
  };
  const show = async (seq: number) => {
    setFound(null);
    await scroll.toPlace({ seq, above: null });
    setFound(seq);
  };
  const click = ({ target }: MouseEvent) => {
    const pressed = (target as Element).closest<HTMLElement>('[data-do]');
    if (!pressed) return;
    if (pressed.dataset.do === 'reply') answer(pressed);
    else if (pressed.dataset.do === 'menu') openMenu(pressed, null);
    else if (pressed.dataset.do === 'quote') void show(Number(pressed.dataset.seq));
    else {
      const row = rowOf(pressed);
      if (row?.item.kind !== 'entry' || row.item.entry.kind !== 'message') return;
      const { entry } = row.item;
      const { emoji } = pressed.dataset;
      if (emoji !== undefined) {
        const mine = pressed.getAttribute('aria-pressed') === 'true';
        if (mayWrite(view)) queued(messenger.react(view.id, entry.seq, mine ? '' : emoji));
      } else {
        const what = pressed.dataset.do as More;
        setOver({ what, entry, element: STAYS.has(what) ? pressed : bubbleOf(pressed) });
      }
    }
  };
  const write = () => {
    // One that is still on its way comes no more.
    setMenu(null);
    onWrite();
  };
  const hands = { ...useHands({ onMenu: openMenu, onReply: answer, onWrite: write }), onClick: click };
  const opened = useRef(asked);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when a message is asked for anew
  useEffect(() => {
    if (asked === opened.current) return;
    opened.current = asked;
    const to = asked?.seq === undefined ? null : placeOf(view.id, asked.seq);
    if (to === null) return;
    if (to.above === null) void show(to.seq);
    else void scroll.toPlace(to);
  }, [asked]);

  // That it began goes without saying; who made a group, or whom an invitation brought, does not.
  const bare = rows.length === 0 || (rows.length === 1 && view.kind !== 'group' && view.invitedBy === null);
  const whole = window.atEnd && window.atStart;
  const empty = view.ended === null && whole && bare && !rows.some(({ item }) => senderIsPerson(item));
  return (
    <div className="timeline">
      <div
        ref={scroller}
        className="timeline-scroller"
        role="log"
        aria-label={t('messages')}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
        tabIndex={0}
        {...hands}
      >
        <div className="timeline-space" />
        <Virtualizer
          ref={list}
          data={rows}
          shift={shift}
          bufferSize={BUFFER_PX}
          keepMounted={scroll.away ? NONE : lastOf(rows.length)}
          onScroll={scroll.onScroll}
          onResize={scroll.onResize}
        >
          {(row) => (
            <TimelineRow
              key={row.key}
              row={row}
              kind={view.kind}
              member={mayWrite(view)}
              timeline={timeline}
              today={dayOf(now)}
              found={found}
            />
          )}
        </Virtualizer>
      </div>
      {scroll.day !== null && (
        <p className="day day-stuck" data-moving={scroll.moving || undefined} aria-hidden="true">
          <span>{dayName(scroll.day, now)}</span>
        </p>
      )}
      {rows.length === 0 && window.loading !== 'none' && <SkeletonBubbles />}
      {rows.length === 0 && view.ended === null && window.failed !== null && (
        <p className="timeline-empty">{t('notHeld')}</p>
      )}
      {empty && (
        <p className="timeline-empty">
          {t(!view.member ? 'noMessagesHere' : view.kind === 'self' ? 'nothingSaved' : 'nothingHere')}
        </p>
      )}
      {scroll.away && (
        <button
          type="button"
          className="jump"
          aria-label={t('jump', { n: view.unread, count: countText(view.unread) })}
          onClick={() => void scroll.toNewest()}
        >
          <ArrowDown size={20} strokeWidth={1.75} aria-hidden="true" />
          {view.unread > 0 && <span className="badge">{countText(view.unread)}</span>}
        </button>
      )}
      {menu && (
        <MessageMenu
          messenger={messenger}
          view={view}
          item={menu.row.item}
          element={menu.element}
          point={menu.point}
          onReply={onReply}
          onEdit={onEdit}
          onMore={(what, entry) => setOver({ what, entry, element: menu.element })}
          onClose={() => setMenu(null)}
        />
      )}
      {over && (
        <Opened
          over={over}
          view={view}
          chosen={chosenIn(rows, over.entry.seq, messenger.user)}
          onClose={() => setOver(null)}
        />
      )}
    </div>
  );
}

interface Over {
  readonly what: More;
  readonly entry: MessageEntry;
  readonly element: HTMLElement;
}

interface OpenedProps {
  readonly over: Over;
  readonly view: ConversationView;
  /** One's own reaction to it. */
  readonly chosen: string;
  onClose(): void;
}

function Opened({ over: { what, entry, element }, view, chosen, onClose }: OpenedProps) {
  const messenger = useMessenger();
  const of = { view, entry, onClose };
  switch (what) {
    case 'react': {
      const choose = (emoji: string) => queued(messenger.react(view.id, entry.seq, emoji));
      return <ReactionPicker message={element} chosen={chosen} onChoose={choose} onClose={onClose} />;
    }
    case 'forward':
      return <Forward {...of} />;
    case 'delete':
      return <DeleteForAll {...of} />;
    case 'history':
      return <History {...of} />;
    case 'report':
      return <ReportDialog user={entry.sender} message={{ conversation: view.id, entry }} onClose={onClose} />;
    case 'info':
      return <Receipts {...of} />;
    case 'person':
      return <PersonCard user={entry.sender} element={element} onClose={onClose} />;
    case 'picture':
      return <Viewer view={view} entry={entry} element={element} onClose={onClose} />;
  }
}

function chosenIn(rows: readonly Row[], seq: number, user: string): string {
  const item = rows.find((row) => seqOfMessage(row) === seq)?.item;
  const reactions = (item?.kind === 'entry' && item.acts?.reactions) || [];
  return reactions.find(({ users }) => users.includes(user))?.emoji ?? '';
}

const isStanding = (entry: Entry) => entry.kind === 'message' && entry.body !== null;

const bubbleOf = (element: HTMLElement) =>
  element.closest('.message')?.querySelector<HTMLElement>('.bubble') ?? element;

function seqOfMessage(row: Row | undefined): number | null {
  return row?.item.kind === 'entry' && row.item.entry.kind === 'message' ? row.item.entry.seq : null;
}

const lastOf = (length: number) =>
  Array.from({ length: Math.min(LAST_ROWS, length) }, (_, i) => length - 1 - i).reverse();

function senderIsPerson(item: ReturnType<Window['view']>['items'][number]): boolean {
  return item.kind === 'pending' || item.kind === 'gap' || item.entry.kind === 'message';
}
