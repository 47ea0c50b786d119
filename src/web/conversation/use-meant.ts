import { useEffect, useState } from 'react';
import type { Messenger } from '../../client/index.ts';
import type { ConversationView } from '../../client/views.ts';
import type { Profile } from '../../protocol/entities.ts';
import { PAGE_MAX } from '../../protocol/limits.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { meantBy } from './naming.ts';

const PAUSE_MS = 120;
/** Of whom the list has at most so many. */
const SHOWN_MAX = 50;
/** Messages that are looked at for who spoke last. */
const SPOKEN = 50;
const NOBODY: readonly string[] = [];

/** Members, without oneself, who may be meant by the beginning of a name; nobody by null. */
export function useMeant(view: ConversationView | null, query: string | null): readonly Profile[] {
  const messenger = useMessenger();
  const of = query === null ? null : view;
  const spoke = useSpoke(of?.id ?? null);
  const found = useFound(of, query ?? '');
  const isWhole = found !== null && of !== null && of.memberCount <= PAGE_MAX;
  const known = isWhole ? found : [...spoke, ...(of?.marks.keys() ?? []), ...(found ?? [])];
  const users = of === null ? NOBODY : [...new Set(known)].filter((user) => user !== messenger.user);
  // Profiles come after the members whose they are.
  useView((messenger) => users.map((user) => messenger.profile(user)?.version ?? '').join());
  const profiles = users.flatMap((user) => messenger.profile(user) ?? []).filter(({ deactivated }) => !deactivated);
  return meantBy(query ?? '', profiles, spoke).slice(0, SHOWN_MAX);
}

/** All members of a conversation of a page of them; of a larger one those whom the server finds. Null before they come. */
function useFound(view: ConversationView | null, query: string): readonly string[] | null {
  const messenger = useMessenger();
  const [found, setFound] = useState<readonly string[] | null>(null);
  const id = view?.id ?? null;
  const wanted = view === null || view.memberCount <= PAGE_MAX ? '' : query;
  useEffect(() => {
    if (id === null) return;
    let gone = false;
    const look = () =>
      findMembers(messenger, id, wanted).then(
        (users) => gone || setFound(users),
        // Without a connection there are those who are held here.
        () => {},
      );
    const timer = setTimeout(look, wanted === '' ? 0 : PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [messenger, id, wanted]);
  return found;
}

/** At least as many as are shown, where there are so many; pages may be short, and empty, before the end. */
export async function findMembers(
  messenger: Pick<Messenger, 'members'>,
  conversation: string,
  query: string,
): Promise<string[]> {
  const users: string[] = [];
  let after: string | null = null;
  do {
    const page = await messenger.members(conversation, after, PAGE_MAX, query);
    users.push(...page.members.map(({ user }) => user));
    after = page.next;
  } while (after !== null && users.length < SHOWN_MAX);
  return users;
}

/** Who spoke in a conversation, the last one first. */
function useSpoke(conversation: string | null): readonly string[] {
  const messenger = useMessenger();
  const [spoke, setSpoke] = useState(NOBODY);
  useEffect(() => {
    if (conversation === null) return;
    const timeline = messenger.timeline(conversation, { page: SPOKEN });
    const read = () => {
      const senders = timeline
        .view()
        .items.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'message' ? item.entry.sender : []));
      setSpoke([...new Set(senders.reverse())]);
    };
    read();
    const stop = timeline.subscribe(read);
    return () => {
      stop();
      timeline.close();
    };
  }, [messenger, conversation]);
  return spoke;
}
