import { Box, Text } from 'ink';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Messenger, Timeline } from '../../client/api.ts';
import type { ConversationView, TimelineItem, TimelineView } from '../../client/views.ts';
import { time } from '../print.ts';
import { hides } from '../styled.ts';
import { actOn } from './acts.ts';
import { Composer } from './composer.tsx';
import { isAsking, nameOf, title } from './inbox.tsx';
import { useKeys } from './keys.ts';
import { fit, type Row, rowsOf } from './rows.ts';

const PAGE = 50;
const COMPOSER_ROWS_MAX = 5;
const EMPTY: TimelineView = { items: [], atStart: false, atEnd: false, loading: 'jump', failed: null };

interface Props {
  readonly messenger: Messenger;
  readonly id: string;
  readonly columns: number;
  readonly rows: number;
}

export function Conversation({ messenger, id, columns, rows: height }: Props) {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  /** The row at the bottom; null: whatever is newest. */
  const [bottom, setBottom] = useState<string | null>(null);
  const [composerRows, setComposerRows] = useState(1);
  const [revealed, setRevealed] = useState(false);
  /** Why what was last asked for is not done. */
  const [notDone, setNotDone] = useState('');
  const onRows = useCallback((rows: number) => setComposerRows(rows), []);
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
  const readTo = useRef<number | null>(null);
  readTo.current ??= conversation?.read ?? null;

  const look = conversation && {
    conversation,
    self: messenger.user,
    columns,
    readTo: readTo.current ?? 0,
    revealed,
    name: (user: string) => nameOf(messenger, user),
  };
  const all = look ? rowsOf(view.items, look) : [];
  const asking = conversation !== null && isAsking(conversation);
  const composing = conversation?.member && conversation.request !== 'sent';
  const room = Math.max(1, height - 1 - (composing ? composerRows : 1) - (asking ? 1 : 0) - (notDone ? 1 : 0));
  const end = endOf(all, bottom);
  const shown = all.slice(Math.max(0, end - room), end);
  const hidden = shown.some(({ spans }) => spans.some(({ text }) => hides(text)));

  useKeys((input, key) => {
    if (key.pageUp) {
      if (end - 2 * room < room && !view.atStart) timeline?.loadOlder().catch(() => {});
      const next = Math.max(Math.min(room, all.length), end - room + 1);
      if (next < all.length) setBottom(all[next - 1]?.key ?? null);
    } else if (key.pageDown) {
      const next = end + room - 1;
      if (next < all.length) setBottom(all[next - 1]!.key);
      else if (view.atEnd) setBottom(null);
      else timeline?.loadNewer().catch(() => {});
    } else if (key.ctrl && asking && (input === 'y' || input === 'd')) {
      const answer = input === 'y' ? messenger.accept(id) : messenger.decline(id);
      answer.catch(() => {});
    } else if (key.ctrl && input === 't') {
      setRevealed(!revealed);
    } else if (key.ctrl && (input === 'r' || input === 'x')) {
      const refused = view.items.flatMap((item) =>
        item.kind === 'pending' && item.pending.state === 'refused' ? [item.pending] : [],
      );
      const last = refused.at(-1);
      if (last) void (input === 'r' ? messenger.retry(last.key) : messenger.discard(last.key));
    }
  });

  const newest = newestSeq(view.items);
  const following = bottom === null && view.atEnd;
  useEffect(() => {
    if (following && newest > 0) void messenger.markRead(id, newest);
  }, [messenger, id, following, newest]);

  if (!conversation) return <Text dimColor> Loading…</Text>;
  const heading = fit(title(messenger, conversation), Math.max(10, columns - 24));
  return (
    <Box flexDirection="column" width={columns} height={height}>
      <Text wrap="truncate">
        <Text bold>{heading}</Text>
        <Text dimColor> {following ? standing(messenger, conversation) : 'PageDown for what is newer'}</Text>
        {hidden && <Text dimColor> · Ctrl+T shows what is hidden</Text>}
      </Text>
      <Box flexDirection="column" flexGrow={1} justifyContent="flex-end" overflow="hidden">
        {shown.length === 0 && view.loading === 'none' && <Text dimColor>Nothing written yet.</Text>}
        {shown.map((row) => (
          <TimelineRow key={row.key} row={row} />
        ))}
      </Box>
      {asking && <Text dimColor>Ctrl+Y accepts, and so does writing. Ctrl+D declines.</Text>}
      {notDone && (
        <Text color="red" wrap="truncate">
          {notDone}
        </Text>
      )}
      {conversation.request === 'sent' ? (
        <Text dimColor>Not answered yet. You can write more once it is accepted.</Text>
      ) : conversation.member ? (
        <Composer
          first={conversation.draft}
          columns={columns}
          rowsMost={COMPOSER_ROWS_MAX}
          onRows={onRows}
          onTyping={() => {
            setNotDone('');
            messenger.typing(id);
          }}
          onSend={(text) => {
            setBottom(null);
            if (!view.atEnd) timeline?.jump('newest').catch(() => {});
            messenger.draft(id, '');
            setNotDone('');
            if (actOn(messenger, id, view.items, text, setNotDone)) return;
            messenger.send(id, text.replace(/^\/\//, '/')).catch(() => {});
          }}
          onLeave={(text) => messenger.draft(id, text)}
        />
      ) : (
        <Text dimColor>You are no longer in this conversation.</Text>
      )}
    </Box>
  );
}

function TimelineRow({ row }: { row: Row }) {
  return (
    <Text wrap="truncate">
      {row.spans.map(({ text, color, bold = false, dim = false }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place
        <Text key={i} bold={bold} dimColor={dim} {...(color ? { color } : {})}>
          {text}
        </Text>
      ))}
    </Text>
  );
}

/** One past the row at the bottom; its item's last row when the width has changed. */
function endOf(rows: readonly Row[], bottom: string | null): number {
  if (bottom === null) return rows.length;
  const exact = rows.findIndex(({ key }) => key === bottom);
  if (exact >= 0) return exact + 1;
  const item = `${bottom.split(':')[0]}:`;
  const near = rows.findLastIndex(({ key }) => key.startsWith(item));
  return near >= 0 ? near + 1 : rows.length;
}

function standing(messenger: Messenger, { typing, peer, memberCount, kind }: ConversationView): string {
  if (typing.length > 0) return `${typing.map((user) => nameOf(messenger, user)).join(', ')} typing…`;
  if (kind === 'group') return `${memberCount} members`;
  const presence = peer === null ? null : messenger.presence(peer);
  if (presence?.online) return 'online';
  return presence?.lastSeen ? `last seen ${time(presence.lastSeen)}` : '';
}

function newestSeq(items: readonly TimelineItem[]): number {
  return items.reduce((most, item) => (item.kind === 'entry' ? Math.max(most, item.entry.seq) : most), 0);
}
