/** Which accounts are signed in in this browser: cookies hold the sessions, and no page can read those. */
import type { Session } from '../../client/index.ts';
import { FRESH_ACCOUNT_MS } from '../../protocol/limits.ts';
import { pathOf, type Screen } from '../routes.ts';

export interface Account {
  readonly user: string;
  readonly device: string;
  readonly name: string;
}

const keyOf = (slot: number) => `parley-account-${slot}`;
const madeKeyOf = (user: string) => `parley-made-${user}`;
const tabKeyOf = (slot: number) => `parley-tab-${slot}`;
const unreadKeyOf = (slot: number) => `parley-unread-${slot}`;
const SPENT = 'spent';
const SLOTS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export function accountIn(slot: number): Account | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(slot)) ?? 'null') as Account | null;
  } catch {
    return null;
  }
}

export function remember(slot: number, { user, device }: Session, name: string): void {
  localStorage.setItem(keyOf(slot), JSON.stringify({ user, device, name } satisfies Account));
}

export function forget(slot: number): void {
  localStorage.removeItem(keyOf(slot));
}

/** Everybody, in the order of their slots. */
export function accounts(): { slot: number; account: Account }[] {
  return SLOTS.flatMap((slot) => {
    const account = accountIn(slot);
    return account ? [{ slot, account }] : [];
  });
}

/** Null when all are taken. */
export function freeSlot(): number | null {
  return SLOTS.find((slot) => accountIn(slot) === null) ?? null;
}

export function noteMade(user: string): void {
  localStorage.setItem(madeKeyOf(user), String(Date.now()));
}

export function forgetMade(user: string): void {
  localStorage.removeItem(madeKeyOf(user));
}

/** A recovery code let somebody in, and is spent: the account is without one. */
export function noteSpent(user: string): void {
  localStorage.setItem(madeKeyOf(user), SPENT);
}

export const isSpent = (user: string) => localStorage.getItem(madeKeyOf(user)) === SPENT;

/** The server gave a code without the password, which it does once; the account still is one that was made here. */
export function forgetFresh(user: string): void {
  if (wasMadeHere(user)) localStorage.setItem(madeKeyOf(user), '0');
}

/** Whether the account was made in this browser, and that has not been forgotten. */
export const wasMadeHere = (user: string) => localStorage.getItem(madeKeyOf(user)) !== null;

/** Whether the server gives its first recovery code without the password; a minute less, to be sure. */
export const isFresh = (user: string) =>
  Date.now() - Number(localStorage.getItem(madeKeyOf(user))) < FRESH_ACCOUNT_MS - 60_000;

/** For the pages of the other slots; 0 when this page goes, because nobody counts any more then. */
export function noteUnread(slot: number, unread: number): void {
  if (unread > 0) localStorage.setItem(unreadKeyOf(slot), String(unread));
  else localStorage.removeItem(unreadKeyOf(slot));
}

/** As far as a page of that slot is open. */
export function unreadIn(slot: number): number {
  return Number(localStorage.getItem(unreadKeyOf(slot)));
}

/** Goes to the tab that was opened for it from here before, as it stands there; else opens one. */
export function openSlot(slot: number, screen: Screen): void {
  const tab = window.open('', `parley-${slot}`);
  if (tab?.location.pathname === 'blank') tab.location.replace(pathOf({ slot, screen }));
}

/** The tab that has the connection says so for as long as it is open. */
export function holdTab(slot: number): () => void {
  const key = tabKeyOf(slot);
  const mine = crypto.getRandomValues(new Uint32Array(1)).join();
  const hold = () => localStorage.setItem(key, mine);
  const leave = () => {
    if (localStorage.getItem(key) === mine) localStorage.removeItem(key);
  };
  hold();
  addEventListener('pagehide', leave);
  addEventListener('pageshow', hold);
  return () => {
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', hold);
    leave();
  };
}

/** Of the tabs that wait, the browser tells all; the newest connection wins, as ever. Returns how to stop. */
export function onTabGone(slot: number, run: () => void): () => void {
  const told = ({ key, newValue }: StorageEvent) => {
    if (key === tabKeyOf(slot) && newValue === null) run();
  };
  addEventListener('storage', told);
  return () => removeEventListener('storage', told);
}
