/** The messenger of the account slot, for every part of the page. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Messenger } from '../client/index.ts';

const Context = createContext<Messenger | null>(null);

export const MessengerProvider = Context.Provider;

export function useMessenger(): Messenger {
  const messenger = useContext(Context);
  if (!messenger) throw new Error('There is no messenger around this part.');
  return messenger;
}

/** What `read` returns must be the same while nothing has changed: a view, a part of one, or a text. */
export function useView<T>(read: (messenger: Messenger) => T): T {
  const messenger = useMessenger();
  return useSyncExternalStore(messenger.subscribe, () => read(messenger));
}
