/** How the app looks and feels on this device: kept in the browser, shown from the first frame. */
import { useSyncExternalStore } from 'react';

export const SCHEMES = ['system', 'light', 'dark'] as const;
export const ACCENTS = ['sea', 'ink', 'moss', 'plum', 'clay', 'slate'] as const;
/** Percent of the size that the theme names. */
export const SCALES = [85, 100, 115, 130, 150] as const;

export interface Appearance {
  readonly scheme: (typeof SCHEMES)[number];
  readonly accent: (typeof ACCENTS)[number];
  readonly scale: (typeof SCALES)[number];
  /** Else Enter breaks the line, and Ctrl or ⌘ with Enter sends. */
  readonly enterSends: boolean;
}

const KEY = 'parley-appearance';
const DEFAULT: Appearance = { scheme: 'system', accent: 'sea', scale: 100, enterSends: true };

/** What is kept, as far as it makes sense to this version of the app. */
export function readAppearance(kept: string | null): Appearance {
  let found: Partial<Record<keyof Appearance, unknown>>;
  try {
    found = Object(JSON.parse(kept ?? '{}'));
  } catch {
    return DEFAULT;
  }
  const oneOf = <T>(all: readonly T[], value: unknown, otherwise: T) => all.find((one) => one === value) ?? otherwise;
  return {
    scheme: oneOf(SCHEMES, found.scheme, DEFAULT.scheme),
    accent: oneOf(ACCENTS, found.accent, DEFAULT.accent),
    scale: oneOf(SCALES, found.scale, DEFAULT.scale),
    enterSends: found.enterSends !== false,
  };
}

const listeners = new Set<() => void>();
let current = DEFAULT;

/** Shows what is kept, now and when another tab changes it. */
export function applyAppearance(): void {
  adopt(localStorage.getItem(KEY));
  window.addEventListener('storage', ({ key, newValue }) => key === KEY && adopt(newValue));
}

export function changeAppearance(change: Partial<Appearance>): void {
  const next = JSON.stringify({ ...current, ...change });
  localStorage.setItem(KEY, next);
  adopt(next);
}

export function useAppearance(): Appearance {
  return useSyncExternalStore(
    (run) => {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    () => current,
  );
}

function adopt(kept: string | null): void {
  current = readAppearance(kept);
  const { scheme, accent, scale } = current;
  Object.assign(document.documentElement.dataset, { scheme, accent, scale: String(scale) });
  colourFrame(scheme);
  for (const run of listeners) run();
}

/** What a browser paints around the page follows the colours that are chosen here, not only those of the system. */
function colourFrame(scheme: Appearance['scheme']): void {
  const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')];
  for (const meta of metas) {
    meta.dataset['own'] ??= meta.content;
    const from = scheme === 'system' ? meta : metas.find(({ media }) => media.includes(scheme));
    meta.content = from?.dataset['own'] ?? from?.content ?? meta.content;
  }
}
