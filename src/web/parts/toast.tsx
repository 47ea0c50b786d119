/** What was just done, said for a moment, with the way back where there is one. One at a time: the last. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { why } from '../text/text.ts';
import './toast.css';

const SHOWN_MS = 5_000;

interface Toast {
  readonly text: string;
  readonly action?: { readonly label: string; run(): Promise<unknown> } | undefined;
}

let shown: Toast | null = null;
const listeners = new Set<() => void>();

function show(next: Toast | null): void {
  shown = next;
  for (const run of listeners) run();
}

export function say(text: string, action?: Toast['action']): void {
  show({ text, action });
}

function subscribe(run: () => void): () => void {
  listeners.add(run);
  return () => listeners.delete(run);
}

/** Goes by itself, but not while the pointer or the focus is on it. */
export function Toasts() {
  const toast = useSyncExternalStore(subscribe, () => shown);
  const [held, setHeld] = useState(false);
  /** Where the focus was before it came here. */
  const before = useRef<Element | null>(null);
  useEffect(() => {
    if (!toast || held) return;
    const timer = setTimeout(() => show(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast, held]);
  useEffect(() => {
    if (!toast) setHeld(false);
  }, [toast]);
  const close = () => {
    if (before.current instanceof HTMLElement) before.current.focus();
    before.current = null;
    show(null);
  };
  const act = (run: () => Promise<unknown>) => {
    close();
    run().catch((error) => say(why(error)));
  };
  return (
    <div className="toasts" role="status">
      {toast && (
        // biome-ignore lint/a11y/noStaticElementInteractions: being looked at keeps it there
        <div
          className="toast"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={({ relatedTarget }) => {
            before.current = relatedTarget;
            setHeld(true);
          }}
          onBlur={() => setHeld(false)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            close();
          }}
        >
          <p dir="auto">{toast.text}</p>
          {toast.action && (
            <button type="button" className="text-button" onClick={() => act(toast.action!.run)}>
              {toast.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
