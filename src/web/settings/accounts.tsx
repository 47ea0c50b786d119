import { Plus } from 'lucide-react';
import { accounts, freeSlot } from '../account/slots.ts';
import { PersonAvatar } from '../parts/avatar.tsx';
import { useRoute } from '../router.ts';
import { pathOf } from '../routes.ts';
import { t } from '../text/text.ts';

/** Several people side by side in one browser: each has a slot of its own, and a tab. */
export function Accounts() {
  const { slot } = useRoute();
  const others = accounts().filter((other) => other.slot !== slot);
  const free = freeSlot();
  return (
    <section className="panel-group">
      <h2>{t('accounts')}</h2>
      {others.map(({ slot, account }) => (
        <a
          key={slot}
          className="panel-row"
          href={pathOf({ slot, screen: { at: 'inbox' } })}
          target="_blank"
          rel="noopener"
        >
          <PersonAvatar user={account.user} size="run" />
          <bdi className="one-line" dir="auto">
            {account.name}
          </bdi>
        </a>
      ))}
      {free !== null && (
        <a
          className="panel-row"
          href={pathOf({ slot: free, screen: { at: 'sign-in' } })}
          target="_blank"
          rel="noopener"
          aria-describedby="add-account-hint"
        >
          <Plus size={20} strokeWidth={1.75} aria-hidden="true" />
          {t('addAccount')}
        </a>
      )}
      <p className="hint" id="add-account-hint">
        {t('addAccountHint')}
      </p>
    </section>
  );
}
