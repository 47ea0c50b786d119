import { useInput } from 'ink';
import { useRef } from 'react';

export type Key = Parameters<Parameters<typeof useInput>[0]>[1];

/** Calls the newest `press` for each key: one that comes right after a painting would else meet what was before it. */
export function useKeys(press: (input: string, key: Key) => void): void {
  const newest = useRef(press);
  newest.current = press;
  const stable = useRef((input: string, key: Key) => newest.current(input, key));
  useInput(stable.current);
}
