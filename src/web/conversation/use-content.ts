import { useEffect, useState } from 'react';
import { useMessenger } from '../messenger.tsx';

/** Where the bytes of a file of this device can be shown from; null until they are here, or when they are not. */
export function useContent(key: string, wanted: boolean): string | null {
  const messenger = useMessenger();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let made: string | null = null;
    let gone = false;
    void messenger.content(key).then((content) => {
      if (content === null || gone) return;
      made = URL.createObjectURL(content);
      setAddress(made);
    });
    return () => {
      gone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [messenger, key, wanted]);
  return address;
}
