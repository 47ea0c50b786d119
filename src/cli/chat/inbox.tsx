import { Box, Text } from 'ink';
import type { Messenger } from '../../client/api.ts';
import type { ConversationView, InboxView } from '../../client/views.ts';
import { UNREAD_COUNTED_MAX } from '../../protocol/limits.ts';
import { titleOf } from '../find.ts';
import { oneLine } from '../print.ts';

const LINES_EACH = 2;

interface Props {
  readonly messenger: Messenger;
  readonly inbox: InboxView;
  readonly open: string | null;
  readonly columns: number;
  readonly rows: number;
}

export function Inbox({ messenger, inbox, open, columns, rows }: Props) {
  const fit = Math.max(1, Math.floor(rows / LINES_EACH));
  const at = inbox.conversations.findIndex(({ id }) => id === open);
  const from = Math.max(0, Math.min(at - fit + 1, inbox.conversations.length - fit));
  return (
    <Box flexDirection="column" width={columns} flexShrink={0} overflow="hidden" marginRight={1}>
      {inbox.conversations.slice(from, from + fit).map((view) => (
        <Row key={view.id} messenger={messenger} view={view} isOpen={view.id === open} />
      ))}
    </Box>
  );
}

function Row({ messenger, view, isOpen }: { messenger: Messenger; view: ConversationView; isOpen: boolean }) {
  const unread = view.unread > UNREAD_COUNTED_MAX ? '999+' : String(view.unread);
  const online = view.peer !== null && messenger.presence(view.peer)?.online === true;
  return (
    <Box flexDirection="column">
      <Box justifyContent="space-between">
        <Text bold={view.unread > 0} inverse={isOpen} wrap="truncate">
          {online ? '● ' : ''}
          {title(messenger, view)}
        </Text>
        {view.unread > 0 && <Text color="green"> {unread}</Text>}
      </Box>
      <Text dimColor wrap="truncate">
        {preview(view)}
      </Text>
    </Box>
  );
}

export function title(messenger: Messenger, view: ConversationView): string {
  return titleOf(view, new Map(view.peer ? [[view.peer, nameOf(messenger, view.peer)]] : []));
}

export function nameOf(messenger: Messenger, user: string): string {
  const profile = messenger.profile(user);
  return profile ? oneLine(profile.displayName) || profile.name : '…';
}

function preview({ typing, last, lastPending, draft }: ConversationView): string {
  if (typing.length > 0) return 'typing…';
  if (draft) return `Draft: ${oneLine(draft)}`;
  if (lastPending) return oneLine(lastPending.text);
  return last?.kind === 'message' ? oneLine(last.body?.text ?? '(deleted)') : ' ';
}
