import { useEffect, useState } from 'react';
import { useMessenger, useView } from '../messenger.tsx';
import { type Address, addressesOf } from './addresses.ts';

/** An address may have come to its end between being asked for and being used: once it is asked for anew. */
const TRIES_MAX = 1;

type State = 'coming' | 'shown' | 'failed' | 'gone';

interface Fetched {
  readonly address: Address | null;
  readonly state: State;
  /** Another number is another try: what did not come from an address is asked for again. */
  readonly tries: number;
  shown(): void;
  failed(): void;
  retry(): void;
}

/** Where a file is to be had from, and how far one is with it. What could not be had comes when the connection is back. */
export function useAddress(conversation: string, id: string, stored: boolean): Fetched {
  const messenger = useMessenger();
  const book = addressesOf(messenger);
  const online = useView((of) => of.status().state === 'online');
  const [address, setAddress] = useState<Address | null>(() => book.known(id));
  const [state, setState] = useState<State>('coming');
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try asks anew
  useEffect(() => {
    if (!stored) return;
    let current = true;
    book.find(conversation, id).then(
      (found) => {
        if (!current) return;
        setAddress(found);
        if (!found) setState('gone');
      },
      () => current && setState('failed'),
    );
    return () => {
      current = false;
    };
  }, [book, conversation, id, stored, tries]);
  const again = () => {
    book.forget(id);
    setAddress(null);
    setState('coming');
    setTries((before) => before + 1);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the connection is back
  useEffect(() => {
    if (online && state === 'failed') again();
  }, [online]);
  return {
    address,
    state,
    tries,
    shown: () => setState('shown'),
    failed: () => (tries < TRIES_MAX ? again() : setState('failed')),
    retry: again,
  };
}
