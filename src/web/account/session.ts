/** From the slot's cookie to a messenger, and back. */
import {
  createMessenger,
  type Messenger,
  memoryStorage,
  type Session,
  signIn,
  signOut,
  signUp,
} from '../../client/index.ts';
import { indexedDbStorage } from '../../client/storage/indexeddb.ts';
import { deviceName } from './device-name.ts';
import { accountIn, forget, remember } from './slots.ts';

/** The local database of one account. */
export const databaseOf = (slot: number, user: string) => `parley-${slot}-${user}`;

/**
 * The session of the slot, as it is remembered. Whether it still holds is what the socket tells: so the chats that are
 * kept here open at once, and also without a connection.
 */
export function findSession(slot: number): Session | null {
  const known = accountIn(slot);
  return known && { user: known.user, device: known.device, token: null };
}

export interface Answers {
  readonly name: string;
  readonly password: string;
  /** For a new account. */
  readonly displayName?: string;
}

export async function enter(slot: number, { displayName, ...who }: Answers): Promise<Session> {
  const credentials = { slot, ...who, device: deviceName(navigator.userAgent) };
  const session = await (displayName === undefined
    ? signIn(credentials)
    : signUp({ ...credentials, displayName: displayName.trim() || who.name }));
  remember(slot, session, who.name);
  return session;
}

export async function openMessenger(slot: number, session: Session): Promise<Messenger> {
  // A browser that keeps nothing, as in a private window, still shows what the server has.
  const storage = await indexedDbStorage(databaseOf(slot, session.user)).catch(() => memoryStorage());
  return createMessenger({ slot, session, storage });
}

/** What is written here and not yet stored on the server. */
export function countUnsent(messenger: Messenger): number {
  return messenger.inbox().conversations.reduce((sum, { id }) => sum + messenger.pending(id).length, 0);
}

/** Takes with it what was kept in this browser, unless it is to be kept for the next sign-in. */
export async function leave(slot: number, messenger: Messenger, keep: boolean): Promise<void> {
  await signOut({ slot });
  forget(slot);
  await messenger.close();
  if (!keep) indexedDB.deleteDatabase(databaseOf(slot, messenger.user));
}
