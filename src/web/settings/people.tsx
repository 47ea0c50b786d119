/** Everybody with an account, for those who run the server. */
import { Ellipsis } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Button, MenuTrigger } from 'react-aria-components';
import type { Profile } from '../../client/index.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { PersonAvatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Item, Menu } from '../parts/menu.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Share } from '../parts/share.tsx';
import { Sure } from '../parts/sure.tsx';
import { t } from '../text/text.ts';

interface Page {
  readonly people: readonly Profile[];
  readonly next: string | null;
}

export function ServerPeople({ isOwner }: { isOwner: boolean }) {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const [page, setPage] = useState<Page>({ people: [], next: null });
  const [link, setLink] = useState<{ code: string; name: string } | null>(null);
  const [leaving, setLeaving] = useState<Profile | null>(null);
  const load = useCallback(
    async (after: string | null, before: readonly Profile[]) => {
      const { accounts, next } = await messenger.accounts('', after);
      setPage({ people: [...before, ...accounts.map(({ user }) => user)], next });
    },
    [messenger],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => void act(() => load(null, [])), [load]);
  const put = (changed: Profile) =>
    setPage(({ people, next }) => ({
      people: people.map((one) => (one.user === changed.user ? changed : one)),
      next,
    }));
  const change = (run: () => Promise<Profile>) => void act(async () => put(await run()));
  return (
    <section className="panel-group">
      <h2 id="server-people">{t('serverPeople')}</h2>
      <Wrong>{wrong}</Wrong>
      <ul className="people" aria-labelledby="server-people">
        {page.people.map((person) => (
          <PersonRow
            key={person.user}
            person={person}
            isOwner={isOwner}
            change={change}
            onDeactivate={() => setLeaving(person)}
            onLink={() =>
              void act(async () => {
                const { code } = await messenger.signInLink(person.user);
                setLink({ code, name: person.displayName });
              })
            }
          />
        ))}
      </ul>
      {page.next !== null && (
        <Button className="quiet-button" onPress={() => void act(() => load(page.next, page.people))}>
          {t('morePeople')}
        </Button>
      )}
      {leaving && (
        <Sure
          title={t('deactivateWho', { name: leaving.displayName })}
          action={t('deactivate')}
          onAct={async () => put(await messenger.deactivate(leaving.user))}
          onClose={() => setLeaving(null)}
        >
          {t('deactivateSure')}
        </Sure>
      )}
      {link && (
        <Dialog title={t('signInLinkFor', { name: link.name })} onClose={() => setLink(null)}>
          <Share path={`/enter/${link.code}`} />
          <p className="hint">{t('signInLinkHint')}</p>
        </Dialog>
      )}
    </section>
  );
}

interface RowProps {
  readonly person: Profile;
  readonly isOwner: boolean;
  change(run: () => Promise<Profile>): void;
  onLink(): void;
  onDeactivate(): void;
}

function PersonRow({ person, isOwner, change, onLink, onDeactivate }: RowProps) {
  const messenger = useMessenger();
  const { user, name, displayName, role } = person;
  const state = person.deactivated ? t('deactivated') : role === 'person' ? '' : t('serverRole', { role });
  const below = role !== 'owner' && (isOwner || role !== 'admin') && user !== messenger.user;
  return (
    <li className="person">
      <PersonAvatar user={user} size="header" />
      <span className="person-text">
        <span className="person-name one-line" dir="auto">
          {displayName}
        </span>
        <span className="person-second one-line">{[`@${name}`, state].filter(Boolean).join(' · ')}</span>
      </span>
      {below && (
        <MenuTrigger>
          <IconButton icon={Ellipsis} label={t('memberMenu', { name: displayName })} />
          <Menu>
            {!person.deactivated && <Item onAction={onLink}>{t('makeSignInLink')}</Item>}
            {isOwner && (role === 'person' || role === 'admin') && (
              <Item onAction={() => change(() => messenger.setServerRole(user, role === 'admin' ? 'person' : 'admin'))}>
                {t(role === 'admin' ? 'makePerson' : 'makeAdmin')}
              </Item>
            )}
            {person.deactivated ? (
              <Item onAction={() => change(() => messenger.reactivate(user))}>{t('reactivate')}</Item>
            ) : (
              <Item isDanger onAction={onDeactivate}>
                {t('deactivate')}
              </Item>
            )}
          </Menu>
        </MenuTrigger>
      )}
    </li>
  );
}
