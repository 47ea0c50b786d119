import { X } from 'lucide-react';
import { useState } from 'react';
import type { Profile } from '../../protocol/entities.ts';
import { t } from '../text/text.ts';

/** Whom one has chosen, in the order of choosing. */
export function useChosen() {
  const [chosen, setChosen] = useState<readonly Profile[]>([]);
  return {
    chosen,
    users: new Set(chosen.map(({ user }) => user)),
    toggle: (profile: Profile) =>
      setChosen((before) => {
        const without = before.filter(({ user }) => user !== profile.user);
        return without.length < before.length ? without : [...before, profile];
      }),
  };
}

export function ChosenPeople({ chosen, onRemove }: { chosen: readonly Profile[]; onRemove(profile: Profile): void }) {
  return (
    <div className="panel-group">
      <p className="hint" role="status">
        {t('chosen', { n: chosen.length })}
      </p>
      <ul className="chosen">
        {chosen.map((profile) => {
          const name = profile.displayName || profile.name;
          return (
            <li key={profile.user}>
              <button type="button" aria-label={t('unchoose', { name })} onClick={() => onRemove(profile)}>
                <bdi className="one-line" dir="auto">
                  {name}
                </bdi>
                <X size={14} aria-hidden="true" />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
