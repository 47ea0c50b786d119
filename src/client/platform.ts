/** Time and chance of the machine. Uses nothing that a page without https lacks. */
import type { Clock, Random } from '../core/clock.ts';
import { idOf } from '../protocol/ids.ts';

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
    soon: (run) => queueMicrotask(run),
  };
}

export function systemRandom(): Random {
  return {
    next: () => Math.random(),
    id: () => idOf(crypto.getRandomValues(new Uint8Array(16))),
  };
}

export function hasWebSocket(): boolean {
  return typeof WebSocket !== 'undefined';
}

/** In a page the server is the page's; relative addresses keep cookies with it. */
export function pageOrigin(): string {
  return typeof location === 'undefined' ? '' : location.origin;
}

/** Whether the machine says that it has no network; a server on the machine itself may be reached all the same. */
export function saysOffline(): boolean {
  return typeof navigator !== 'undefined' && navigator.onLine === false;
}

/**
 * Calls back when the network goes or comes, which a socket does not notice by itself, and when the page is looked at
 * again; in a worker for the network only. Returns how to stop.
 */
export function onChange(run: () => void): () => void {
  if (typeof addEventListener === 'undefined') return () => {};
  const page = typeof document === 'undefined' ? null : document;
  const visible = () => {
    if (page?.visibilityState === 'visible') run();
  };
  addEventListener('online', run);
  addEventListener('offline', run);
  page?.addEventListener('visibilitychange', visible);
  return () => {
    removeEventListener('online', run);
    removeEventListener('offline', run);
    page?.removeEventListener('visibilitychange', visible);
  };
}
