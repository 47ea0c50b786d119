/**
 * What was typed in the moment before a page went. The draft and the outbox are in a database, which may not have been
 * told by then; what is handed to `localStorage` while the page goes is there.
 */
import type { Messenger } from '../client/index.ts';

/** What is older is in the database. */
const RECENT_MS = 2_000;

const prefixOf = (user: string) => `parley-typed-${user}-`;
let last: { readonly key: string; readonly text: string; readonly at: number } | null = null;

addEventListener('pagehide', () => {
  if (last && performance.now() - last.at < RECENT_MS) localStorage.setItem(last.key, last.text);
});
addEventListener('pageshow', (event) => {
  if ((event as PageTransitionEvent).persisted && last) localStorage.removeItem(last.key);
});

export function noteTyped(user: string, conversation: string, text: string): void {
  last = { key: prefixOf(user) + conversation, text, at: performance.now() };
}

/** It is in the outbox now. */
export function forgetTyped(text: string): void {
  if (last?.text === text) last = null;
}

/** Hands over, once, what the page before this one kept. */
export function takeTyped(messenger: Messenger): void {
  const prefix = prefixOf(messenger.user);
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix)) continue;
    messenger.draft(key.slice(prefix.length), localStorage.getItem(key) ?? '');
    localStorage.removeItem(key);
  }
}
