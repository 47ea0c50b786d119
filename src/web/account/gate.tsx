/** Stands before everything: who is signed in in this slot, or the way in. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Messenger, Session } from '../../client/index.ts';
import { MessengerProvider, useMessenger, useView } from '../messenger.tsx';
import { later } from '../parts/later.tsx';
import { Link } from '../parts/link.tsx';
import { go, useRoute } from '../router.ts';
import { t } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';
import { Again } from './again.tsx';
import { Notice } from './notice.tsx';
import { countUnsent, enter, enterWithRecoveryCode, findSession, leave, openMessenger } from './session.ts';
import { onTabGone } from './slots.ts';

const Outside = later(async () => (await import('./outside.tsx')).Outside);

type State =
  | { readonly at: 'opening' }
  | { readonly at: 'outside' }
  | { readonly at: 'inside'; readonly messenger: Messenger };

interface Props {
  children(signOut: (keep: boolean) => Promise<void>): ReactNode;
}

export function Gate({ children }: Props) {
  const { slot, screen } = useRoute();
  const [state, setState] = useState<State>({ at: 'opening' });
  const open = async (session: Session) => setState({ at: 'inside', messenger: await openMessenger(slot, session) });
  const begin = () => {
    const session = findSession(slot);
    if (session) void open(session);
    else setState({ at: 'outside' });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a slot is opened once; another slot is another page
  useEffect(begin, [slot]);

  const isDoor = screen.at === 'sign-in' || screen.at === 'sign-up' || screen.at === 'recover';
  const inside = state.at === 'inside';
  useEffect(() => {
    if (inside && isDoor) go({ at: 'inbox' }, { replace: true });
  }, [inside, isDoor]);

  switch (state.at) {
    case 'opening':
      return null;
    case 'outside':
      return (
        <Outside
          onAnswers={async (answers) => open(await enter(slot, answers))}
          onRecover={async (who) => open(await enterWithRecoveryCode(slot, who))}
        />
      );
    case 'inside': {
      const { messenger } = state;
      const out = async (keep: boolean) => {
        await leave(slot, messenger, keep);
        setState({ at: 'outside' });
        go({ at: 'sign-in' }, { replace: true });
      };
      const again = async (next: () => void) => {
        await messenger.close();
        next();
      };
      return (
        <MessengerProvider value={messenger}>
          <Watch onReopen={() => void again(begin)} onSignIn={() => void again(() => setState({ at: 'outside' }))}>
            {isDoor ? null : children(out)}
          </Watch>
        </MessengerProvider>
      );
    }
  }
}

/** Shows what is inside for as long as the session lasts, then why it ended. */
function Watch({ children, onReopen, onSignIn }: { children: ReactNode; onReopen(): void; onSignIn(): void }) {
  const messenger = useMessenger();
  const state = useView((messenger) => messenger.status().state);
  const status = messenger.status();
  switch (state) {
    case 'replaced':
      return <Elsewhere onReopen={onReopen} />;
    case 'wrongVersion':
      return <Notice action={<Again onPress={() => location.reload()}>{t('reload')}</Again>}>{t('oldPage')}</Notice>;
    case 'signedOut': {
      const { by, at } = status.state === state ? status : { by: null, at: null };
      const unsent = countUnsent(messenger);
      return (
        <Notice action={<Again onPress={onSignIn}>{t('signIn')}</Again>}>
          {t('signedOut', { by: by ?? 'none', at: at === null ? 'none' : dayAndTime(at, Date.now()) })}
          {unsent > 0 && ` ${t('unsentKept', { n: unsent })}`}
        </Notice>
      );
    }
    default:
      return children;
  }
}

/** Comes back by itself once the other tab has gone. */
function Elsewhere({ onReopen }: { onReopen(): void }) {
  const { slot } = useRoute();
  const latest = useRef(onReopen);
  latest.current = onReopen;
  useEffect(() => onTabGone(slot, () => latest.current()), [slot]);
  return <Notice action={<Again onPress={onReopen}>{t('useHere')}</Again>}>{t('replaced')}</Notice>;
}

export function Nowhere() {
  return (
    <Notice
      action={
        <Link className="main-button" to={{ at: 'inbox' }}>
          {t('toChats')}
        </Link>
      }
    >
      {t('notFound')}
    </Notice>
  );
}
