import { useEffect } from 'react';
import type { Timeline } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import type { Entry, MessageEntry } from '../../protocol/entities.ts';
import { useView } from '../messenger.tsx';
import { systemText } from '../text/system.ts';
import { t } from '../text/text.ts';
import { dayName } from '../text/time.ts';
import { Message, Pending } from './message.tsx';
import type { Row } from './rows.ts';

interface Props {
  readonly row: Row;
  readonly view: ConversationView;
  readonly timeline: Timeline;
  readonly now: number;
  /** The message that was looked for. */
  readonly found: number | null;
  onReceipts(entry: MessageEntry): void;
}

export function TimelineRow({ row, view, timeline, now, found, onReceipts }: Props) {
  return (
    <div className="row">
      {row.day !== null && (
        <h2 className="day">
          <span>{dayName(row.day, now)}</span>
        </h2>
      )}
      {row.unread && (
        <p className="unread-line">
          <span>{t('newMessages')}</span>
        </p>
      )}
      <Item row={row} view={view} timeline={timeline} found={found} onReceipts={onReceipts} />
    </div>
  );
}

function Item({ row, view, timeline, found, onReceipts }: Omit<Props, 'now'>) {
  const { item } = row;
  if (item.kind === 'gap') return <Gap key={`${item.from}-${item.to}`} {...item} timeline={timeline} />;
  if (item.kind === 'pending') return <Pending pending={item.pending} row={row} />;
  const { entry } = item;
  if (entry.kind !== 'message') return <SystemLine entry={entry} />;
  return <Message view={view} entry={entry} row={row} found={entry.seq === found} onReceipts={onReceipts} />;
}

function SystemLine({ entry }: { entry: Exclude<Entry, MessageEntry> }) {
  const text = useView((messenger) => systemText(messenger, entry));
  return (
    <p className="system" dir="auto">
      {text}
    </p>
  );
}

/** Being shown is what fetches it. */
function Gap({ from, to, timeline }: { from: number; to: number; timeline: Timeline }) {
  const online = useView((messenger) => messenger.status().state === 'online');
  useEffect(() => {
    if (online) void timeline.loadGap(from, to);
  }, [timeline, from, to, online]);
  return <p className="system">{online ? t('gap', { n: to - from + 1 }) : t('gapFailed')}</p>;
}
