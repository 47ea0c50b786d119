import { type LinkView, lookAtLink } from '../../client/index.ts';
import { useMessenger } from '../messenger.tsx';
import { go, useRoute } from '../router.ts';
import { t, why } from '../text/text.ts';
import { invitationText } from './by-link.tsx';
import { Door, DoorForm, useLook } from './door.tsx';
import { Notice } from './notice.tsx';

/** Somebody who is signed in joins the group of an invitation. */
export function Join({ code }: { code: string }) {
  const messenger = useMessenger();
  const { slot } = useRoute();
  const { view: link, wrong } = useLook<LinkView>(() => lookAtLink({ slot }, code));
  const toChats = (
    <button type="button" className="main-button" onClick={() => go({ at: 'inbox' }, { replace: true })}>
      {t('toChats')}
    </button>
  );
  if (wrong !== undefined) return <Notice action={toChats}>{why(wrong)}</Notice>;
  if (link?.kind !== 'invitation') return null;
  return (
    <Door name={link.server} title={invitationText(link)}>
      <DoorForm
        action={t('joinGroup')}
        onSubmit={async () => {
          // biome-ignore lint/correctness/useHookAtTopLevel: this uses an invitation up, and is no hook
          const id = await messenger.useInvitation(code);
          go(id === null ? { at: 'inbox' } : { at: 'conversation', id }, { replace: true });
        }}
      >
        {null}
      </DoorForm>
    </Door>
  );
}
