/** Which accounts are signed in in this browser: cookies hold the sessions, and no page can read those. */
import type { Session } from '../../client/index.ts';

export interface Account {
  readonly user: string;
  readonly device: string;
  readonly name: string;
}

const keyOf = (slot: number) => `parley-account-${slot}`;
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
