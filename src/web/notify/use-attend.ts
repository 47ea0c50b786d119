import { useEffect } from 'react';
import { useMessenger } from '../messenger.tsx';
import { useRoute } from '../router.ts';

/** Comes once the first screen is there; it shows nothing. */
export function useAttend(): void {
  const messenger = useMessenger();
  const { slot } = useRoute();
  useEffect(() => {
    let stop = () => {};
    let gone = false;
    import('./attend.ts').then(
      ({ attend }) => {
        if (!gone) stop = attend(messenger, slot);
      },
      () => {},
    );
    return () => {
      gone = true;
      stop();
    };
  }, [messenger, slot]);
}
