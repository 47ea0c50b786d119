import { useCallback, useEffect, useState } from 'react';
import type { MemberView } from '../../client/views.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { nameOf } from '../text/people.ts';
import { why } from '../text/text.ts';

const PAGE = 50;

interface Members {
  readonly members: readonly MemberView[];
  readonly more: boolean;
}

const RANKS = { owner: 0, admin: 1, member: 2 } as const;

/** Who may do most comes first; within a rank, by name. */
export function inOrder<M extends Pick<MemberView, 'user' | 'role'>>(
  members: readonly M[],
  name: (user: string) => string,
): M[] {
  return [...members].sort((a, b) => RANKS[a.role] - RANKS[b.role] || name(a.user).localeCompare(name(b.user)));
}

/** Members, a page at a time, read again when somebody came, went or got another role. */
export function useMembers(conversation: string) {
  const messenger = useMessenger();
  const [{ members, more }, setMembers] = useState<Members>({ members: [], more: false });
  const [wrong, setWrong] = useState('');
  const [wanted, setWanted] = useState(PAGE);

  const load = useCallback(async () => {
    const members: MemberView[] = [];
    let after: string | null = null;
    do {
      const page = await messenger.members(conversation, after, PAGE);
      members.push(...page.members);
      after = page.next;
    } while (after !== null && members.length < wanted);
    setMembers({ members, more: after !== null });
    setWrong('');
  }, [messenger, conversation, wanted]);

  useEffect(() => {
    const run = () => void load().catch((error) => setWrong(why(error)));
    run();
    return messenger.on('message', (news) => {
      if (news.conversation === conversation && news.entry.kind !== 'message') run();
    });
  }, [messenger, conversation, load]);

  // Names come after the members whose names they are.
  const order = useView((messenger) =>
    inOrder(members, (user) => nameOf(messenger, user))
      .map(({ user }) => user)
      .join(),
  );
  const places = new Map(order.split(',').map((user, place) => [user, place]));
  const sorted = [...members].sort((a, b) => places.get(a.user)! - places.get(b.user)!);
  return { members: sorted, hasMore: more, more: () => setWanted(members.length + PAGE), wrong };
}
