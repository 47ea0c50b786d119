import { Box, Text, useInput } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Messenger, Timeline } from '../../client/api.ts';
import type { ConversationView, TimelineItem, TimelineView } from '../../client/views.ts';
import { Composer } from './composer.tsx';
import { nameOf, title } from './inbox.tsx';
import { Item } from './item.tsx';

const PAGE = 50;
/** Items that PageUp and PageDown pass. */
const STEP = 10;
const EMPTY: TimelineView = { items: [], atStart: false, atEnd: false, loading: 'jump', failed: null };

export function Conversation({ messenger, id, rows }: { messenger: Messenger; id: string; rows: number }) {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  const [back, setBack] = useState(0);
  useEffect(() => {
    const opened = messenger.timeline(id, { page: PAGE });
    setTimeline(opened);
    messenger.show([id]);
    return () => {
      messenger.show([]);
      opened.close();
    };
  }, [messenger, id]);

  const conversation = useSyncExternalStore(
    (run) => messenger.subscribe(run),
    () => messenger.conversation(id),
  );
  const view = useSyncExternalStore(
    (run) => timeline?.subscribe(run) ?? (() => {}),
    () => timeline?.view() ?? EMPTY,
  );

  useInput((_input, key) => {
    if (key.pageUp) {
      if (back + STEP >= view.items.length - STEP && !view.atStart) timeline?.loadOlder().catch(() => {});
      setBack(Math.min(back + STEP, Math.max(0, view.items.length - 1)));
    } else if (key.pageDown) setBack(Math.max(0, back - STEP));
  });

  const newest = newestSeq(view);
  useEffect(() => {
    if (view.atEnd && back === 0 && newest > 0) messenger.markRead(id, newest);
  }, [messenger, id, view.atEnd, back, newest]);

  if (!conversation) return <Text dimColor> Loading…</Text>;
  const shown = view.items.slice(0, view.items.length - back).slice(-rows);
  return (
    <Box flexDirection="column" flexGrow={1} height={rows}>
      <Text bold wrap="truncate">
        {title(messenger, conversation)} <Text dimColor>{standing(messenger, conversation)}</Text>
      </Text>
      <Box flexDirection="column" flexGrow={1} justifyContent="flex-end" overflow="hidden">
        {shown.map((item) => (
          <Item key={keyOf(item)} messenger={messenger} conversation={conversation} item={item} />
        ))}
      </Box>
      <Composer
        member={conversation.member}
        first={conversation.draft}
        onTyping={() => messenger.typing(id)}
        onSend={(text) => {
          setBack(0);
          messenger.draft(id, '');
          messenger.send(id, text).catch(() => {});
        }}
        onLeave={(text) => messenger.draft(id, text)}
      />
    </Box>
  );
}

function standing(messenger: Messenger, { typing, peer, memberCount, kind }: ConversationView): string {
  if (typing.length > 0) return `${typing.map((user) => nameOf(messenger, user)).join(', ')} typing…`;
  if (kind === 'group') return `${memberCount} members`;
  const presence = peer === null ? null : messenger.presence(peer);
  if (presence?.online) return 'online';
  return presence?.lastSeen ? `last seen ${new Date(presence.lastSeen).toLocaleString()}` : '';
}

function newestSeq({ items }: TimelineView): number {
  return items.reduce((most, item) => (item.kind === 'entry' ? Math.max(most, item.entry.seq) : most), 0);
}

function keyOf(item: TimelineItem): string {
  if (item.kind === 'entry') return String(item.entry.seq);
  return item.kind === 'pending' ? item.pending.key : `gap ${item.from}`;
}
