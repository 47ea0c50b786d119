/** Everybody whom one blocks, the last one first. */
import { Button } from 'react-aria-components';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { PersonAvatar } from '../parts/avatar.tsx';
import { Wrong } from '../parts/panel.tsx';
import { block } from '../people/block.tsx';
import { nameOf } from '../text/people.ts';
import '../text/safety.ts';
import { t } from '../text/text.ts';
import { dayMonthOf } from '../text/time.ts';

export function BlockedPeople() {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const blocked = useView((messenger) => messenger.blocked());
  const last = [...blocked].sort(([, a], [, b]) => b - a);
  return (
    <section className="panel-group">
      <h2 id="blocked-people">{t('blockedPeople')}</h2>
      <Wrong>{wrong}</Wrong>
      {last.length === 0 && <p className="hint">{t('blockedNobody')}</p>}
      <ul className="people" aria-labelledby="blocked-people">
        {last.map(([user, since]) => (
          <BlockedRow
            key={user}
            user={user}
            since={since}
            busy={busy}
            onUnblock={() => void act(() => block(messenger, user, false))}
          />
        ))}
      </ul>
    </section>
  );
}

interface Props {
  readonly user: string;
  readonly since: number;
  readonly busy: boolean;
  onUnblock(): void;
}

function BlockedRow({ user, since, busy, onUnblock }: Props) {
  const name = useView((messenger) => nameOf(messenger, user));
  return (
    <li className="person">
      <PersonAvatar user={user} size="header" />
      <span className="person-text">
        <span className="person-name one-line" dir="auto">
          {name}
        </span>
        <span className="person-second one-line">{t('blockedSince', { day: dayMonthOf(since) })}</span>
      </span>
      <Button className="text-button" isDisabled={busy} aria-label={t('unblockWho', { name })} onPress={onUnblock}>
        {t('unblock')}
      </Button>
    </li>
  );
}
