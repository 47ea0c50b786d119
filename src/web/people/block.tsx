/** Blocking somebody: asked once, in words, and taken back as easily. */
import type { Messenger } from '../../client/index.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { Sure } from '../parts/sure.tsx';
import { say } from '../parts/toast.tsx';
import { nameOf } from '../text/people.ts';
import '../text/safety.ts';
import { t } from '../text/text.ts';

/** Rejects where it is not done. */
export async function block(messenger: Messenger, user: string, on: boolean): Promise<void> {
  const set = (to: boolean) => (to ? messenger.block(user) : messenger.unblock(user));
  await set(on);
  const name = nameOf(messenger, user);
  say(t(on ? 'blockedToast' : 'unblockedToast', { name }), { label: t('undo'), run: () => set(!on) });
}

interface Props {
  readonly user: string;
  onClose(): void;
}

export function BlockDialog({ user, onClose }: Props) {
  const messenger = useMessenger();
  const name = useView((messenger) => nameOf(messenger, user));
  return (
    <Sure
      title={t('blockTitle', { name })}
      action={t('block')}
      onAct={() => block(messenger, user, true)}
      onClose={onClose}
    >
      {t('blockSure', { name })}
    </Sure>
  );
}
