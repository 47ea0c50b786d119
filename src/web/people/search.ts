import { useEffect, useState } from 'react';
import type { People } from '../../protocol/community.ts';
import type { Profile } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { why } from '../text/text.ts';

const PAUSE_MS = 120;

interface Found {
  readonly people: readonly Profile[];
  readonly next: string | null;
}

/** How people are found here; null for as long as it is not known. */
export function useFinding(): People | null {
  const messenger = useMessenger();
  const [finding, setFinding] = useState<People | null>(null);
  const online = useView((messenger) => messenger.status().state === 'online');
  // biome-ignore lint/correctness/useExhaustiveDependencies: once there is a connection again, it is asked again
  useEffect(() => {
    messenger.community().then(
      ({ people }) => setFinding(people),
      () => {},
    );
  }, [messenger, online]);
  return finding;
}

/** Everybody else whose name begins so; nobody in particular for an empty query. */
export function usePeople(query: string) {
  const messenger = useMessenger();
  const [found, setFound] = useState<Found | null>(null);
  const [wrong, setWrong] = useState('');
  const online = useView((messenger) => messenger.status().state === 'online');
  const wanted = query.trim().replace(/^@/, '');

  // biome-ignore lint/correctness/useExhaustiveDependencies: once there is a connection again, it is asked again
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(
      () => {
        messenger.people(wanted).then(
          (page) => {
            if (gone) return;
            setFound(page);
            setWrong('');
          },
          (error) => gone || setWrong(why(error)),
        );
      },
      wanted === '' ? 0 : PAUSE_MS,
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [messenger, wanted, online]);

  const more = async () => {
    if (!found?.next) return;
    const page = await messenger.people(wanted, found.next).catch((error) => setWrong(why(error)));
    if (page) setFound({ people: [...found.people, ...page.people], next: page.next });
  };
  return {
    people: found?.people.filter(({ user }) => user !== messenger.user) ?? [],
    found: found !== null,
    hasMore: Boolean(found?.next),
    more,
    wrong,
  };
}
