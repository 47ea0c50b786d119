import { ArrowDown } from 'lucide-react';
import { useCallback, useImperativeHandle, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { Timeline as Window } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useMinute } from '../parts/media.ts';
import { countText } from '../text/people.ts';
import { t } from '../text/text.ts';
import { dayName } from '../text/time.ts';
import { Receipts } from './receipts.tsx';
import { TimelineRow } from './row.tsx';
import { rowsOf } from './rows.ts';
import { useTimelineScroll } from './scroll.ts';
import { useStaged } from './staging.ts';
import './timeline.css';
import './message.css';

export interface TimelineHandle {
  /** Goes to the newest message and stays there. */
  toNewest(): void;
}

interface Props {
  readonly ref: React.Ref<TimelineHandle>;
  readonly view: ConversationView;
  readonly timeline: Window;
  /** What had been read when the conversation was opened, null when there was nothing unread. */
  readonly unreadAfter: number | null;
}

export function Timeline({ ref, view, timeline, unreadAfter }: Props) {
  const messenger = useMessenger();
  const now = useMinute();
  const list = useRef<VirtualizerHandle>(null);
  const subscribe = useCallback((run: () => void) => timeline.subscribe(run), [timeline]);
  const window = useSyncExternalStore(subscribe, () => timeline.view());
  const next = useMemo(() => rowsOf(window, messenger.user, unreadAfter), [window, messenger.user, unreadAfter]);
  const { rows, shift } = useStaged(next, () => list.current?.findItemIndex(list.current.scrollOffset) ?? 0);
  const [receipts, setReceipts] = useState<MessageEntry | null>(null);

  const seen = (last: number) => {
    if (document.visibilityState !== 'visible') return;
    const newest = rows.slice(0, last + 1).findLast(({ item }) => item.kind === 'entry')?.item;
    if (newest?.kind === 'entry') messenger.markRead(view.id, newest.entry.seq);
  };
  const online = useView((messenger) => messenger.status().state === 'online');
  const scroll = useTimelineScroll({ list, rows, view: window, timeline, online, onSeen: seen });
  useImperativeHandle(ref, () => ({ toNewest: () => void scroll.jump() }));

  const empty = window.atEnd && window.atStart && !rows.some(({ item }) => senderIsPerson(item));
  return (
    <div className="timeline">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <div className="timeline-scroller" role="log" aria-label={t('messages')} aria-live="off" tabIndex={0}>
        <div className="timeline-space" />
        <Virtualizer ref={list} data={rows} shift={shift} onScroll={scroll.onScroll} onResize={scroll.onResize}>
          {(row) => (
            <TimelineRow key={row.key} row={row} view={view} timeline={timeline} now={now} onReceipts={setReceipts} />
          )}
        </Virtualizer>
      </div>
      {scroll.day !== null && (
        <p className="day day-stuck" aria-hidden="true">
          <span>{dayName(scroll.day, now)}</span>
        </p>
      )}
      {empty && <p className="timeline-empty">{t('nothingHere')}</p>}
      {scroll.away && (
        <button
          type="button"
          className="jump"
          aria-label={t('jump', { n: view.unread, count: countText(view.unread) })}
          onClick={() => void scroll.jump()}
        >
          <ArrowDown size={20} strokeWidth={1.75} aria-hidden="true" />
          {view.unread > 0 && <span className="badge">{countText(view.unread)}</span>}
        </button>
      )}
      {receipts && <Receipts view={view} entry={receipts} onClose={() => setReceipts(null)} />}
    </div>
  );
}

function senderIsPerson(item: ReturnType<Window['view']>['items'][number]): boolean {
  return item.kind === 'pending' || item.kind === 'gap' || item.entry.kind === 'message';
}
