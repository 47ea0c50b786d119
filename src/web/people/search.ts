import { useEffect, useRef, useState } from 'react';
import type { Messenger } from '../../client/index.ts';
import type { People } from '../../protocol/community.ts';
import type { Profile } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { why } from '../text/text.ts';

const PAUSE_MS = 120;
/** Of whom one may have meant so many are looked at. */
const ALIKE_MAX = 100;

interface Found {
  readonly people: readonly Profile[];
  readonly next: string | null;
  /** Nobody is called as one wrote; this one nearly is. */
  readonly meant?: Profile | null;
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

/** Chooses who may be meant where nobody is called so. */
type Guess = (people: readonly Profile[], written: string) => Profile | null;

/** Everybody else whose name begins so; nobody in particular for an empty query. With a guess, also whoever is meant. */
export function usePeople(query: string, guess: Guess | null = null) {
  const messenger = useMessenger();
  const [found, setFound] = useState<Found | null>(null);
  const [wrong, setWrong] = useState('');
  const online = useView((messenger) => messenger.status().state === 'online');
  const wanted = query.trim().replace(/^@/, '');
  const latest = useRef(guess);
  latest.current = guess;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once there is a connection again, it is asked again
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(
      () => {
        find(messenger, wanted, latest.current).then(
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
    meant: found?.meant ?? null,
    people: found?.people.filter(({ user }) => user !== messenger.user) ?? [],
    found: found !== null,
    hasMore: Boolean(found?.next),
    more,
    wrong,
  };
}

async function find(messenger: Messenger, wanted: string, guess: Guess | null): Promise<Found> {
  const page = await messenger.people(wanted);
  if (wanted === '' || !guess || page.people.length > 0 || page.next) return page;
  const [first = ''] = wanted;
  const others = await messenger.people(first, null, ALIKE_MAX);
  const meant = guess(
    others.people.filter(({ user }) => user !== messenger.user),
    wanted,
  );
  return { people: meant ? [meant] : [], next: null, meant };
}
