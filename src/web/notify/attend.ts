/** While a page is open: goes where a chosen notification leads, and takes those away whose messages are read. */
import type { Messenger } from '../../client/index.ts';
import { go } from '../router.ts';
import { activeWorker, keepOn, registrationOf } from './device.ts';
import type { FromWorker } from './from-worker.ts';

/** Changes come in crowds. */
const LOOK_MS = 500;

/** Returns how to stop. */
export function attend(messenger: Messenger, slot: number): () => void {
  if (!isSecureContext || !('serviceWorker' in navigator)) return () => {};
  // Without a connection it is for the next time.
  void messenger
    .caughtUp()
    .then(() => keepOn(messenger, slot))
    .then(() => activeWorker(slot))
    .catch(() => {});
  const said = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'open' && data.conversation !== null) go({ at: 'conversation', id: data.conversation });
  };
  navigator.serviceWorker.addEventListener('message', said);
  navigator.serviceWorker.startMessages();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void takeAway(messenger, slot).catch(() => {});
    }, LOOK_MS);
  };
  const stop = messenger.subscribe(changed);
  return () => {
    stop();
    clearTimeout(timer);
    navigator.serviceWorker.removeEventListener('message', said);
  };
}

async function takeAway(messenger: Messenger, slot: number): Promise<void> {
  const registration = await registrationOf(slot);
  for (const shown of (await registration?.getNotifications()) ?? []) {
    const { seq = 0 } = (shown.data ?? {}) as { seq?: number };
    const view = messenger.conversation(shown.tag);
    if (view && (view.read >= seq || !view.member || view.ended !== null)) shown.close();
  }
}
