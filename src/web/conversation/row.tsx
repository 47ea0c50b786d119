import { memo, useEffect, useState } from 'react';
import type { Timeline } from '../../client/index.ts';
import type { ConversationKind, Entry, MessageEntry } from '../../protocol/entities.ts';
import { useView } from '../messenger.tsx';
import { systemText } from '../text/system.ts';
import { t } from '../text/text.ts';
import { dayName } from '../text/time.ts';
import { Message } from './message.tsx';
import type { Row } from './rows.ts';

interface Props {
  readonly row: Row;
  readonly kind: ConversationKind;
  readonly member: boolean;
  readonly timeline: Timeline;
  /** What day it is. */
  readonly today: number;
  /** The message that was looked for. */
  readonly found: number | null;
}

export const TimelineRow = memo(function TimelineRow({ today, ...shown }: Props) {
  const { row } = shown;
  return (
    <div className="row" data-row={row.key}>
      {row.day !== null && (
        <h2 className="day">
          <span>{dayName(row.day, today)}</span>
        </h2>
      )}
      {row.unread && (
        <p className="unread-line">
          <span>{t('newMessages')}</span>
        </p>
      )}
      <Item {...shown} />
    </div>
  );
});

function Item({ row, kind, member, timeline, found }: Omit<Props, 'today'>) {
  const [shown, setShown] = useState(false);
  const { item } = row;
  if (item.kind === 'gap') return <Gap key={`${item.from}-${item.to}`} {...item} timeline={timeline} />;
  const of = item.kind === 'pending' ? item.pending : item.entry;
  if ('seq' in of && of.kind !== 'message') return <SystemLine entry={of} />;
  if (item.kind === 'entry' && item.blocked && !shown) return <Folded onShow={() => setShown(true)} />;
  const { conversation } = timeline;
  const isFound = 'seq' in of && of.seq === found;
  return <Message conversation={conversation} kind={kind} member={member} of={of} row={row} found={isFound} />;
}

function SystemLine({ entry }: { entry: Exclude<Entry, MessageEntry> }) {
  const text = useView((messenger) => systemText(messenger, entry));
  return (
    <p className="system" dir="auto">
      {text}
    </p>
  );
}

/** What somebody says whom one blocks; shown, it stays so for as long as one looks. */
function Folded({ onShow }: { onShow(): void }) {
  return (
    <p className="system">
      {t('folded')}{' '}
      <button type="button" className="text-button" onClick={onShow}>
        {t('foldedShow')}
      </button>
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
