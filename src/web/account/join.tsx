import { useEffect, useRef, useState } from 'react';
import { type LinkView, lookAtLink } from '../../client/index.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { go, useRoute } from '../router.ts';
import { t, why } from '../text/text.ts';
import { forgetSaid, hasSaid, invitationText } from './by-link.tsx';
import { Door, DoorForm, useLook } from './door.tsx';
import { Notice } from './notice.tsx';

/** Somebody who is signed in joins the group of an invitation. */
export function Join({ code }: { code: string }) {
  const messenger = useMessenger();
  const { slot } = useRoute();
  const { view: link, wrong } = useLook<LinkView>(() => lookAtLink({ slot }, code));
  const join = async () => {
    // biome-ignore lint/correctness/useHookAtTopLevel: this uses an invitation up, and is no hook
    const id = await messenger.useInvitation(code);
    go(id === null ? { at: 'inbox' } : { at: 'conversation', id }, { replace: true });
  };
  const [said] = useState(() => hasSaid(code));
  const asked = useRef(false);
  const { wrong: refused, act } = useAct();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    if (!said || asked.current) return;
    asked.current = true;
    forgetSaid();
    void act(join);
  }, []);
  const toChats = (
    <button type="button" className="main-button" onClick={() => go({ at: 'inbox' }, { replace: true })}>
      {t('toChats')}
    </button>
  );
  if (wrong !== undefined) return <Notice action={toChats}>{why(wrong)}</Notice>;
  if (said) return refused === '' ? null : <Notice action={toChats}>{refused}</Notice>;
  if (link?.kind !== 'invitation') return null;
  return (
    <Door name={link.server} title={invitationText(link)}>
      <DoorForm action={t('joinGroup')} onSubmit={join}>
        {null}
      </DoorForm>
    </Door>
  );
}
