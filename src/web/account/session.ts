/** From the slot's cookie to a messenger, and back. */
import {
  createMessenger,
  enterByLink,
  type Messenger,
  memoryStorage,
  recover,
  type Session,
  type SetUp,
  signIn,
  signOut,
  signUp,
} from '../../client/index.ts';
import { indexedDbStorage } from '../../client/storage/indexeddb.ts';
import { takeTyped } from '../typed.ts';
import { deviceName } from './device-name.ts';
import { accountIn, forget, forgetMade, noteMade, noteSpent, remember } from './slots.ts';

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
  /** The code of a set-up link or of an invitation. */
  readonly link?: string;
  /** What a fresh server begins with. */
  readonly community?: SetUp;
}

/** Also answers the group that an invitation led to. */
export async function enter(
  slot: number,
  { name, password, ...fresh }: Answers,
): Promise<Session & { readonly conversation: string | null }> {
  const credentials = { slot, name, password, device: deviceName(navigator.userAgent) };
  if (fresh.displayName === undefined) {
    const session = await signIn(credentials);
    remember(slot, session, name);
    return { ...session, conversation: null };
  }
  const session = await signUp({ ...credentials, ...fresh, displayName: fresh.displayName.trim() || name });
  remember(slot, session, name);
  noteMade(session.user);
  return session;
}

export async function enterWithLink(slot: number, code: string, name: string, password?: string): Promise<void> {
  const device = deviceName(navigator.userAgent);
  remember(slot, await enterByLink({ slot, code, device, ...(password === undefined ? {} : { password }) }), name);
}

export async function enterWithRecoveryCode(
  slot: number,
  who: { readonly name: string; readonly code: string; readonly password: string },
): Promise<Session> {
  const session = await recover({ slot, ...who, device: deviceName(navigator.userAgent) });
  remember(slot, session, who.name);
  noteSpent(session.user);
  return session;
}

export async function openMessenger(slot: number, session: Session): Promise<Messenger> {
  // A browser that keeps nothing, as in a private window, still shows what the server has.
  const storage = await indexedDbStorage(databaseOf(slot, session.user)).catch(() => memoryStorage());
  const messenger = await createMessenger({ slot, session, storage });
  takeTyped(messenger);
  return messenger;
}

/** What is written here and not yet stored on the server. */
export function countUnsent(messenger: Messenger): number {
  return messenger.inbox().conversations.reduce((sum, { id }) => sum + messenger.pending(id).length, 0);
}

/** Takes with it what was kept in this browser, unless it is to be kept for the next sign-in. */
export async function leave(slot: number, messenger: Messenger, keep: boolean): Promise<void> {
  // Before the session ends: until then they may still come.
  await (await import('../notify/device.ts')).forget(slot).catch(() => {});
  await signOut({ slot });
  forget(slot);
  forgetMade(messenger.user);
  await messenger.close();
  if (!keep) indexedDB.deleteDatabase(databaseOf(slot, messenger.user));
}
