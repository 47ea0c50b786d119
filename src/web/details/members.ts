import { useCallback, useEffect, useState } from 'react';
import type { MemberView } from '../../client/views.ts';
import { useMessenger } from '../messenger.tsx';
import { why } from '../text/text.ts';

const PAGE = 50;

interface Members {
  readonly members: readonly MemberView[];
  readonly more: boolean;
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

  return { members, hasMore: more, more: () => setWanted(members.length + PAGE), wrong };
}
