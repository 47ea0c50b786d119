/** What people have answered a message with, below it; one's own is marked, and pressing adds or takes back. */

import type { Acts } from '../../client/index.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { listed } from '../text/list.ts';
import { whomOf } from '../text/people.ts';
import { t } from '../text/text.ts';

/** As many are named. */
const NAMED_MAX = 10;

export function Reactions({ reactions }: Pick<Acts, 'reactions'>) {
  return (
    <ul className="reactions" aria-label={t('reactions')}>
      {reactions.map(({ emoji, users }) => (
        <Reaction key={emoji} emoji={emoji} users={users} />
      ))}
    </ul>
  );
}

function Reaction({ emoji, users }: Acts['reactions'][number]) {
  const { user } = useMessenger();
  const names = useView((messenger) => {
    const named = users.slice(0, NAMED_MAX).map((one) => whomOf(messenger, one));
    const others = users.length - named.length;
    return listed(others > 0 ? [...named, t('othersToo', { n: others })] : named);
  });
  const count = users.length > 1 ? users.length : 0;
  const who = t('reactedBy', { emoji, n: count, names });
  return (
    <li>
      <button
        type="button"
        className="reaction"
        data-do="reacted"
        data-emoji={emoji}
        aria-pressed={users.includes(user)}
        aria-label={who}
        title={who}
      >
        <span>{emoji}</span> {count > 0 && <span>{count}</span>}
      </button>
    </li>
  );
}
