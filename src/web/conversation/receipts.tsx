import { useEffect, useState } from 'react';
import type { Acts, ConversationView } from '../../client/views.ts';
import type { MessageEntry, Receipt } from '../../protocol/entities.ts';
import { settingKey } from '../../protocol/settings.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { listed } from '../text/list.ts';
import { nameOf, whoIs, whomOf } from '../text/people.ts';
import { t, why } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';
import { useStored } from './stored.ts';
import { TickIcon, tickFor } from './ticks.tsx';

interface Props {
  readonly view: ConversationView;
  readonly entry: MessageEntry;
  onClose(): void;
}

/**
 * Who wrote a message and when, whether it is another one by now, and who answered it with what; of one's own who has got
 * and read it, of another's whether oneself has.
 */
export function Receipts({ view, entry, onClose }: Props) {
  const messenger = useMessenger();
  const [receipts, setReceipts] = useState<readonly Receipt[] | null>(null);
  const [wrong, setWrong] = useState('');
  const { seq, sender, at } = entry;
  const isOwn = sender === messenger.user;
  const name = useView((messenger) => whomOf(messenger, sender));
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks that moved are receipts that changed
  useEffect(() => {
    if (!isOwn) return;
    messenger.receipts(view.id, seq).then(setReceipts, (error) => setWrong(why(error)));
  }, [messenger, view.id, seq, isOwn, view.marks]);
  const { acts } = useStored(view.id, seq);
  const hides = !isOwn && messenger.setting(settingKey.receipts) === 'hidden';
  const others = receipts?.filter(({ user }) => user !== messenger.user);
  return (
    <Dialog title={t('whoAndWhen')} onClose={onClose}>
      <p className="hint">{t('writtenBy', { name, at: dayAndTime(at, Date.now()) })}</p>
      {acts?.editedAt != null && <p className="hint">{t('editedAt', { at: dayAndTime(acts.editedAt, Date.now()) })}</p>}
      {!isOwn && view.read >= seq && <p className="hint">{t(hides ? 'readByYouHidden' : 'readByYou')}</p>}
      {acts && acts.reactions.length > 0 && (
        <ul className="people" aria-label={t('reactions')}>
          {acts.reactions.map((reaction) => (
            <ReactionRow key={reaction.emoji} {...reaction} />
          ))}
        </ul>
      )}
      {wrong && <p className="wrong">{wrong}</p>}
      {others?.length === 0 && <p className="hint">{t('noReceipts')}</p>}
      <ul className="people">
        {others?.map((receipt) => (
          <ReceiptRow key={receipt.user} view={view} seq={seq} receipt={receipt} />
        ))}
      </ul>
    </Dialog>
  );
}

function ReactionRow({ emoji, users }: Acts['reactions'][number]) {
  const names = useView((messenger) => listed(users.map((user) => whoIs(messenger, user))));
  return (
    <li className="person" dir="auto">
      {t('reactedBy', { emoji, n: 0, names })}
    </li>
  );
}

function ReceiptRow({ view, seq, receipt }: { view: ConversationView; seq: number; receipt: Receipt }) {
  const { user, readAt, deliveredAt } = receipt;
  const name = useView((messenger) => nameOf(messenger, user));
  const mark = view.marks.get(user);
  const tick = useView((messenger) =>
    mark ? tickFor(messenger, { ...view, marks: new Map([[user, mark]]) }, seq) : 'sent',
  );
  const now = Date.now();
  const reached = readAt !== null ? 'read' : deliveredAt !== null ? 'delivered' : tick;
  const lines = [
    readAt !== null && t('receiptRead', { at: dayAndTime(readAt, now) }),
    deliveredAt !== null && t('receiptDelivered', { at: dayAndTime(deliveredAt, now) }),
    reached === 'sent' && t('receiptSent'),
  ].filter(Boolean);
  return (
    <li className="person">
      <PersonAvatar user={user} size="header" />
      <span className="person-text">
        <span className="person-name one-line" dir="auto">
          {name}
        </span>
        <span className="person-second">{lines.join(' · ')}</span>
      </span>
      <TickIcon tick={reached} />
    </li>
  );
}
