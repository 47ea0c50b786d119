import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import type { Messenger } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import { type Tick, tickOf } from '../../core/receipts.ts';
import { nameOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { timeOfDay } from '../text/time.ts';

const ICONS = { sent: Check, delivered: CheckCheck, read: CheckCheck, waiting: Clock, refused: CircleAlert } as const;
const THIN = 1.5;
const THICK = 2.25;

/** Only a sign: whoever shows it says in words what it means. */
export function TickIcon({ tick }: { tick: Tick | 'waiting' | 'refused' }) {
  const Icon = ICONS[tick];
  return (
    <Icon className="tick" data-tick={tick} size={16} strokeWidth={tick === 'read' ? THICK : THIN} aria-hidden="true" />
  );
}

export function tickFor(messenger: Messenger, view: ConversationView, seq: number): Tick {
  return tickOf(seq, view.marks, messenger.user);
}

/** How far a message has got, as a text that is the same as long as nothing of it changes. */
export function reachOf(messenger: Messenger, view: ConversationView, seq: number): string {
  let [delivered, read] = [0, 0];
  for (const mark of view.marks.values()) {
    if (mark.user === messenger.user) continue;
    if (mark.delivered >= seq) delivered++;
    if (mark.read >= seq) read++;
  }
  return `${tickFor(messenger, view, seq)} ${delivered} ${read} ${view.memberCount}`;
}

/** "Read by Mara"; in groups "Delivered to 3 of 5". */
export function tickText(messenger: Messenger, view: ConversationView, seq: number, at: number): string {
  const sent = t('sentAt', { time: timeOfDay(at) });
  const tick = tickFor(messenger, view, seq);
  if (view.kind === 'direct' && view.peer !== null) {
    const name = nameOf(messenger, view.peer);
    return tick === 'sent' ? sent : t(tick === 'read' ? 'readBy' : 'deliveredTo', { name });
  }
  if (tick === 'read') return t('readByAll');
  const others = [...view.marks.values()].filter(({ user }) => user !== messenger.user);
  const count = (mark: 'read' | 'delivered') => others.filter((other) => other[mark] >= seq).length;
  const all = Math.max(others.length, view.memberCount - 1);
  const read = count('read');
  if (read > 0) return t('readBySome', { n: read, all });
  const delivered = count('delivered');
  return delivered > 0 ? t('deliveredToSome', { n: delivered, all }) : sent;
}
