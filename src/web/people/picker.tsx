import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, ListBox, ListBoxItem, SearchField } from 'react-aria-components';
import type { Profile } from '../../protocol/entities.ts';
import { useView } from '../messenger.tsx';
import { PersonAvatar } from '../parts/avatar.tsx';
import { useTouch } from '../parts/media.ts';
import { Wrong } from '../parts/panel.tsx';
import { t } from '../text/text.ts';
import { mostAlike } from './alike.ts';
import { useFinding, usePeople } from './search.ts';

interface Props {
  /** Whom not to offer. */
  readonly except?: ReadonlySet<string>;
  /** Several may be chosen; else choosing is all. */
  readonly chosen?: ReadonlySet<string>;
  onChoose(profile: Profile): void;
}

export function PeoplePicker({ except, chosen, onChoose }: Props) {
  const touch = useTouch();
  const [query, setQuery] = useState('');
  const finding = useFinding();
  const { people, meant, found, hasMore, more, wrong } = usePeople(query, finding === 'known' ? mostAlike : null);
  const blocked = useView((messenger) => messenger.blocked());
  // Several are for a group, into which nobody can be brought with whom there is a block.
  const offered = people.filter(({ user }) => !except?.has(user) && !(chosen && blocked.has(user)));
  const choose = (user: unknown) => {
    const profile = offered.find((one) => one.user === user);
    if (profile) onChoose(profile);
  };
  const several = chosen !== undefined;
  return (
    <>
      <SearchField className="field search" value={query} onChange={setQuery} autoFocus={!touch}>
        <Label>{t('findPeople')}</Label>
        <Input
          placeholder={finding ? t('findHint', { people: finding }) : ''}
          autoCapitalize="none"
          spellCheck="false"
        />
        {query !== '' && (
          <Button className="icon-button" aria-label={t('clear')}>
            <X size={16} aria-hidden="true" />
          </Button>
        )}
      </SearchField>
      <Wrong>{wrong}</Wrong>
      {found && finding && offered.length === 0 && (
        <p className="hint">
          {people.length > 0
            ? t('allAreHere')
            : t(query.trim() === '' ? 'nobodyElse' : 'nobodyFound', { people: finding })}
        </p>
      )}
      {meant && offered.length > 0 && (
        <p className="hint" role="status">
          {t('nobodyLike', { name: query.trim(), like: `@${meant.name}` })}
        </p>
      )}
      <ListBox
        className="people"
        aria-label={t('peopleFound')}
        items={offered}
        dependencies={[chosen]}
        selectionMode={several ? 'multiple' : 'none'}
        selectedKeys={several ? [...chosen] : []}
        onSelectionChange={(keys) => {
          const now = keys === 'all' ? new Set(offered.map(({ user }) => user)) : keys;
          const other = offered.find(({ user }) => now.has(user) !== chosen?.has(user));
          choose(other?.user);
        }}
        {...(several ? {} : { onAction: choose })}
      >
        {(profile) => (
          <ListBoxItem
            id={profile.user}
            className="person"
            textValue={`${profile.displayName || profile.name} @${profile.name}`}
          >
            <PersonAvatar user={profile.user} size="header" />
            <span className="person-text">
              <span className="person-name one-line" dir="auto">
                {profile.displayName || profile.name}
              </span>
              <span className="person-second one-line">@{profile.name}</span>
            </span>
            {chosen?.has(profile.user) && <Check className="check" size={20} aria-hidden="true" />}
          </ListBoxItem>
        )}
      </ListBox>
      {hasMore && (
        <button type="button" className="quiet-button" onClick={() => void more()}>
          {t('morePeople')}
        </button>
      )}
    </>
  );
}
