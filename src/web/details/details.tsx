import { Ban, Flag, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ConversationView } from '../../client/views.ts';
import type { Lifetime } from '../../protocol/entities.ts';
import { ARRANGEMENTS, arrange } from '../arrange.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { ConversationAvatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { hasActed, useMinute } from '../parts/media.ts';
import { Wrong } from '../parts/panel.tsx';
import { Sure } from '../parts/sure.tsx';
import { Toggle } from '../parts/toggle.tsx';
import { BlockDialog, block } from '../people/block.tsx';
import { Keep } from '../people/keep.tsx';
import { ReportDialog } from '../people/report.tsx';
import { go } from '../router.ts';
import { lifetimeText } from '../text/lifetime.ts';
import { nameOf, titleOf } from '../text/people.ts';
import '../text/safety.ts';
import { t } from '../text/text.ts';
import { presenceText } from '../text/time.ts';
import { Action, GroupDetails, GroupPicture } from './group.tsx';

interface Props {
  readonly view: ConversationView;
  /** Else it is on its way out. */
  readonly open: boolean;
  readonly wide: boolean;
}

/** Beside a conversation: whom it is with, and how it is kept. */
export function Details({ view, open, wide }: Props) {
  const [Title, Name] = wide ? (['h2', 'h3'] as const) : (['h1', 'h2'] as const);
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const title = useView((messenger) => titleOf(messenger, view));
  const { id } = view;
  useFocusBack(open);
  return (
    <>
      <header className="bar">
        <IconButton
          icon={X}
          label={t('closeDetails')}
          autoFocus={hasActed()}
          onPress={() => go({ at: 'conversation', id })}
        />
        <Title className="bar-title">{t('details')}</Title>
      </header>
      <div className="panel">
        <div className="profile">
          <ConversationAvatar view={view} size="profile" />
          <Name dir="auto">{title}</Name>
          <Second view={view} />
          {view.kind === 'group' && view.member && view.ended === null && view.role !== 'member' && (
            <GroupPicture view={view} />
          )}
        </div>
        <section className="panel-group">
          {ARRANGEMENTS.map(({ what, state }) => (
            <Toggle
              key={what}
              label={t(what)}
              on={view[state]}
              onChange={(on) => act(() => arrange(messenger, view, what, on))}
            />
          ))}
          <Wrong>{wrong}</Wrong>
        </section>
        {view.member && view.ended === null && <Kept view={view} />}
        {view.kind === 'direct' && view.peer !== null && <Blocking user={view.peer} on={view.blocked} />}
        {view.kind === 'group' && view.member && <GroupDetails view={view} />}
      </div>
    </>
  );
}

/** What had the focus before has it again; where that has gone, as on a narrow screen, the button that opens this. */
function useFocusBack(open: boolean): void {
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    if (!open) return;
    return () => {
      requestAnimationFrame(() => {
        const now = document.activeElement;
        if ((now !== document.body && !now?.closest('.bar, [inert]')) || !hasActed()) return;
        const back = before?.isConnected && before !== document.body ? before : document.querySelector('.bar-details');
        if (back instanceof HTMLElement) back.focus();
      });
    };
  }, [open, before]);
}

function Second({ view }: { view: ConversationView }) {
  const now = useMinute();
  const peer = view.kind === 'direct' ? view.peer : null;
  const name = useView((messenger) => (peer === null ? '' : `@${messenger.profile(peer)?.name ?? ''}`));
  const presence = useView((messenger) => (peer === null ? '' : presenceText(messenger.presence(peer), now)));
  const over = useView((messenger) => peer !== null && messenger.profile(peer)?.deactivated === true);
  if (view.kind === 'group') return <p className="hint">{t('people', { n: view.memberCount, online: 0 })}</p>;
  if (peer === null) return <p className="hint">{t('noteToSelf')}</p>;
  return (
    <>
      <p className="hint">{name}</p>
      <p className="hint">{over ? t('accountDeactivated') : presence}</p>
    </>
  );
}

const KEEP_SURE = { always: 'keepSureAlways', timer: 'keepSureTimer', whole: 'keepSureWhole' } as const;

/** How long what is said stays; whoever may not change it reads it. */
function Kept({ view }: { view: ConversationView }) {
  const messenger = useMessenger();
  const [asked, setAsked] = useState<Lifetime | null>(null);
  const isTemporary = view.kind !== 'group' && view.lifetime.kind === 'whole';
  const mayChange = (view.kind !== 'group' || view.role !== 'member') && view.request === null;
  return (
    <section className="panel-group">
      <Keep
        lifetime={view.lifetime}
        offers={isTemporary ? 'whole' : view.kind === 'group' ? 'both' : 'messages'}
        reading={view.kind === 'direct'}
        disabled={!mayChange}
        onChange={setAsked}
      />
      {asked && (
        <Sure
          title={t('keep')}
          action={lifetimeText(asked, Date.now())}
          isDanger={asked.kind === 'whole'}
          onAct={() => messenger.setLifetime(view.id, asked)}
          onClose={() => setAsked(null)}
        >
          {t(KEEP_SURE[asked.kind])}
        </Sure>
      )}
    </section>
  );
}

/** Whether one has anything to do with the other one at all. */
function Blocking({ user, on }: { user: string; on: boolean }) {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const [asked, setAsked] = useState<'block' | 'report' | null>(null);
  const name = useView((messenger) => nameOf(messenger, user));
  return (
    <section className="panel-group">
      {on ? (
        <Action
          icon={Ban}
          label={t('unblockWho', { name })}
          onPress={() => void act(() => block(messenger, user, false))}
        />
      ) : (
        <Action icon={Ban} label={t('blockWho', { name })} danger onPress={() => setAsked('block')} />
      )}
      <Action icon={Flag} label={t('reportWho', { name })} danger onPress={() => setAsked('report')} />
      <Wrong>{wrong}</Wrong>
      {asked === 'block' && <BlockDialog user={user} onClose={() => setAsked(null)} />}
      {asked === 'report' && <ReportDialog user={user} onClose={() => setAsked(null)} />}
    </section>
  );
}
