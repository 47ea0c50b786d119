import { useCallback, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Community, Invitation } from '../../client/index.ts';
import { JOIN_NAMES, JOINS, PEOPLE, PEOPLE_NAMES } from '../account/community.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Choices } from '../parts/choices.tsx';
import { NameForm } from '../parts/name-form.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Sure } from '../parts/sure.tsx';
import { Invite, isManager } from '../people/invite.tsx';
import { nameOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';
import { ServerPeople } from './people.tsx';
import { Reports } from './reports.tsx';

/** What the server is for everybody on it, and who is asked in. */
export function ServerSettings() {
  const messenger = useMessenger();
  const role = useView(() => messenger.profile(messenger.user)?.role);
  const manages = isManager(role);
  const isGuest = useView(() => messenger.profile(messenger.user)?.guest === true);
  const { wrong, act } = useAct();
  const [community, setCommunity] = useState<Community | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => void act(async () => setCommunity(await messenger.community())), [messenger]);
  const change = async (next: Partial<Community>) => setCommunity(await messenger.changeCommunity(next));
  return (
    <>
      <Wrong>{wrong}</Wrong>
      {community && (
        <section className="panel-group">
          {manages ? (
            <>
              <NameForm
                key={community.name}
                label={t('serverName')}
                name={community.name}
                complete="organization"
                maxLength={64}
                onSave={(name) => change({ name })}
              />
              <Choices
                label={t('whoJoins')}
                all={JOINS}
                chosen={community.join}
                onChoose={(join) => void act(() => change({ join }))}
              >
                {(one) => t(JOIN_NAMES[one])}
              </Choices>
              <Choices
                label={t('whoKnows')}
                all={PEOPLE}
                chosen={community.people}
                onChoose={(people) => void act(() => change({ people }))}
              >
                {(one) => t(PEOPLE_NAMES[one])}
              </Choices>
              <p className="hint">{t('peopleHint', { people: community.people })}</p>
            </>
          ) : (
            <>
              <p className="label" dir="auto">
                {community.name}
              </p>
              <p className="hint">{t('joinsHere', { join: community.join })}</p>
              <p className="hint">{t('peopleHint', { people: community.people })}</p>
            </>
          )}
        </section>
      )}
      {!isGuest && <Invitations />}
      {manages && <Reports isOwner={role === 'owner'} />}
      {manages && <ServerPeople isOwner={role === 'owner'} />}
    </>
  );
}

/** Those that still let somebody in. */
function Invitations() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const [page, setPage] = useState<{ invitations: readonly Invitation[]; next: string | null } | null>(null);
  const [inviting, setInviting] = useState(false);
  const load = useCallback(async () => setPage(await messenger.invitations()), [messenger]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and after each change
  useEffect(() => void act(load), [load]);
  const more = (after: string) =>
    act(async () => {
      const next = await messenger.invitations(after);
      setPage({ invitations: [...(page?.invitations ?? []), ...next.invitations], next: next.next });
    });
  const [ending, setEnding] = useState<string | null>(null);
  const end = async (invitation: string) => {
    await messenger.uninvite(invitation);
    await load();
  };
  return (
    <section className="panel-group">
      <h2 id="invitations">{t('invitations')}</h2>
      <Button className="quiet-button" onPress={() => setInviting(true)}>
        {t('invitePeople')}
      </Button>
      <Wrong>{wrong}</Wrong>
      {page?.invitations.length === 0 && <p className="hint">{t('noInvitations')}</p>}
      <ul className="people" aria-labelledby="invitations">
        {page?.invitations.map((one) => (
          <InvitationRow key={one.id} invitation={one} onEnd={() => setEnding(one.id)} />
        ))}
      </ul>
      {page?.next && (
        <Button className="quiet-button" onPress={() => void more(page.next!)}>
          {t('moreInvitations')}
        </Button>
      )}
      {ending !== null && (
        <Sure
          title={t('endInvitation')}
          action={t('endInvitation')}
          onAct={() => end(ending)}
          onClose={() => setEnding(null)}
        >
          {t('endInvitationSure')}
        </Sure>
      )}
      {inviting && (
        <Invite
          conversation={null}
          title={t('invitePeople')}
          onMade={() => void act(load)}
          onClose={() => setInviting(false)}
        />
      )}
    </section>
  );
}

function InvitationRow({ invitation, onEnd }: { invitation: Invitation; onEnd(): void }) {
  const { by, conversation, role, uses, used, until } = invitation;
  const name = useView((messenger) => nameOf(messenger, by));
  const group = useView((messenger) => (conversation && messenger.conversation(conversation)?.title) || null);
  const to = conversation === null ? t('toServer', { role }) : (group ?? t('aGroup'));
  return (
    <li className="person">
      <span className="person-text">
        <span className="person-name one-line" dir="auto">
          {t('invitationTo', { to, used, uses })}
        </span>
        <span className="person-second">{t('invitationBy', { name, until: dayAndTime(until, Date.now()) })}</span>
      </span>
      <Button className="text-button" aria-label={t('endInvitationTo', { to })} onPress={onEnd}>
        {t('endInvitation')}
      </Button>
    </li>
  );
}
