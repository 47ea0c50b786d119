/** The ways in by a link: says what it is before it asks for anything. */

import { codeOf } from '../../client/failed.ts';
import { type LinkView, lookAtLink, type ServerView } from '../../client/index.ts';
import { go, slotHere } from '../router.ts';
import { pathOf, type Screen } from '../routes.ts';
import { t, why } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';
import {
  Door,
  DoorForm,
  NewAccountFields,
  NewPasswordField,
  newAccount,
  useLook,
  useServer,
  WhosePassword,
} from './door.tsx';
import { Notice } from './notice.tsx';
import { enter, enterWithLink } from './session.ts';
import { SetUp } from './set-up.tsx';
import { accounts, freeSlot } from './slots.ts';

interface Props {
  readonly screen: Extract<Screen, { at: 'link' }>;
  /** Where the account goes that the link lets in. */
  readonly slot: number;
}

/** Another slot is another page, so one gets there by loading it. */
function arrive(slot: number, conversation: string | null): void {
  const screen: Screen = conversation === null ? { at: 'inbox' } : { at: 'conversation', id: conversation };
  if (slot === slotHere()) go(screen, { replace: true });
  else location.replace(pathOf({ slot, screen }));
}

export function ByLink({ screen, slot }: Props) {
  const { view: server, wrong: noServer, retry } = useServer(slot);
  const { view: link, wrong, retry: again } = useLook<LinkView>(() => lookAtLink({ slot }, screen.code));
  const failed = noServer ?? wrong;
  if (failed !== undefined) {
    const unknown = codeOf(failed) === 'not_found';
    return (
      <Notice
        action={
          unknown ? (
            <ToChats />
          ) : (
            <button
              type="button"
              className="main-button"
              onClick={() => {
                retry();
                again();
              }}
            >
              {t('retry')}
            </button>
          )
        }
      >
        {unknown ? t('linkUnknown') : why(failed)}
      </Notice>
    );
  }
  if (!server || !link) return null;
  if (link.ended !== null) return <Ended link={link} />;
  switch (link.kind) {
    case 'setup':
      return (
        <SetUp
          server={server}
          onAnswers={async (answers) => {
            await enter(slot, { ...answers, link: screen.code });
            arrive(slot, null);
          }}
        />
      );
    case 'invitation':
      return <Invited server={server} link={link} screen={screen} slot={slot} />;
    case 'signin':
      return (
        <Door name={link.server} title={t('enterAs', { who: link.displayName, name: link.name })}>
          <DoorForm
            action={t('signIn')}
            onSubmit={async (text) => {
              await enterWithLink(slot, screen.code, link.name, text('password'));
              arrive(slot, null);
            }}
          >
            <WhosePassword name={link.name} />
            <p>{link.by === null ? t('signInLinkByRunner') : t('signInLinkBy', { by: link.by })}</p>
            <NewPasswordField name="password" />
          </DoorForm>
        </Door>
      );
    case 'device':
      return (
        <Door name={link.server} title={t('enterAs', { who: link.displayName, name: link.name })}>
          <DoorForm
            action={t('signIn')}
            onSubmit={async () => {
              await enterWithLink(slot, screen.code, link.name);
              arrive(slot, null);
            }}
          >
            <p>{t('enterHint')}</p>
          </DoorForm>
        </Door>
      );
  }
}

/** For somebody who is not let in here: into what there is in this browser, or to the door. */
const ToChats = () => (
  <a className="main-button" href={pathOf({ slot: 0, screen: { at: 'inbox' } })}>
    {t(accounts().length > 0 ? 'toChats' : 'signIn')}
  </a>
);

const WHY_ENDED = { used: 'linkUsed', expired: 'linkExpired', withdrawn: 'linkWithdrawn' } as const;

function Ended({ link }: { link: LinkView }) {
  const until = link.kind === 'setup' ? '' : dayAndTime(link.until, Date.now());
  const what = t(WHY_ENDED[link.ended ?? 'used'], { until });
  const next = {
    setup: t('linkSetUpNext'),
    invitation: link.kind === 'invitation' ? t('linkInvitationNext', { by: link.by }) : '',
    device: t('linkDeviceNext'),
    signin: link.kind === 'signin' ? t('linkInvitationNext', { by: link.by ?? t('whoRunsIt') }) : '',
  }[link.kind];
  return (
    <Door name={link.server} title={`${what} ${next}`}>
      <ToChats />
    </Door>
  );
}

const SAID = 'parley-join';

/** Whether one has just said, on the page before, that one joins by it. */
export const hasSaid = (code: string): boolean => sessionStorage.getItem(SAID) === code;

/** It counts once. */
export const forgetSaid = (): void => sessionStorage.removeItem(SAID);

/** Said in one sentence: by whom, to what. */
export function invitationText(link: Extract<LinkView, { kind: 'invitation' }>): string {
  return link.group
    ? t('invitedToGroup', { by: link.by, group: link.group.title, n: link.group.memberCount })
    : t('invitedToServer', { by: link.by });
}

interface InvitedProps extends Props {
  readonly server: ServerView;
  readonly link: Extract<LinkView, { kind: 'invitation' }>;
}

function Invited({ link, screen, slot }: InvitedProps) {
  const others = accounts();
  const free = freeSlot();
  if (screen.chosen || others.length === 0) {
    return (
      <Door name={link.server} title={invitationText(link)}>
        {link.role === 'admin' && <p className="hint">{t('invitedAsAdmin')}</p>}
        <DoorForm
          action={t('join')}
          onSubmit={async (text) => {
            const { conversation } = await enter(slot, { ...newAccount(text), link: screen.code });
            arrive(slot, conversation);
          }}
        >
          <NewAccountFields />
        </DoorForm>
      </Door>
    );
  }
  return (
    <Door name={link.server} title={invitationText(link)}>
      <div className="door-ways">
        {others.map(({ slot, account }) => (
          <a
            key={slot}
            className={link.group ? 'main-button' : 'quiet-button'}
            href={pathOf({ slot, screen: link.group ? { ...screen, chosen: true } : { at: 'inbox' } })}
            onClick={() => sessionStorage.setItem(SAID, screen.code)}
          >
            {link.group ? t('joinAs', { name: account.name }) : t('continueAs', { name: account.name })}
          </a>
        ))}
        {free !== null && (
          <a className="quiet-button" href={pathOf({ slot: free, screen: { ...screen, chosen: true } })}>
            {t('joinFresh')}
          </a>
        )}
      </div>
    </Door>
  );
}
