import { Box, Text } from 'ink';
import type { Messenger } from '../../client/api.ts';
import type { ConversationView } from '../../client/views.ts';
import { titleOf } from '../find.ts';
import { counted, joined, oneLine, said } from '../print.ts';
import { lineOf } from '../styled.ts';
import { fit } from './rows.ts';

const LINES_EACH = 2;

interface Props {
  readonly messenger: Messenger;
  readonly conversations: readonly ConversationView[];
  readonly open: string | null;
  readonly columns: number;
  readonly rows: number;
}

export function Inbox({ messenger, conversations, open, columns, rows }: Props) {
  const fitting = Math.max(1, Math.floor(rows / LINES_EACH));
  const at = conversations.findIndex(({ id }) => id === open);
  const from = Math.max(0, Math.min(at - fitting + 1, conversations.length - fitting));
  return (
    <Box flexDirection="column" width={columns} flexShrink={0} overflow="hidden" marginRight={1}>
      {conversations.slice(from, from + fitting).map((view) => (
        <Row key={view.id} messenger={messenger} view={view} isOpen={view.id === open} columns={columns} />
      ))}
    </Box>
  );
}

interface RowProps {
  readonly messenger: Messenger;
  readonly view: ConversationView;
  readonly isOpen: boolean;
  readonly columns: number;
}

function Row({ messenger, view, isOpen, columns }: RowProps) {
  const called = view.firstMention === null ? '' : '@';
  const count = view.unread > 0 && view.request === null ? ` ${called}${counted(view.unread)}` : '';
  const online = view.peer !== null && messenger.presence(view.peer)?.online === true;
  const name = `${view.pinned ? '* ' : ''}${online ? '● ' : ''}${title(messenger, view)}`;
  const shown = fit(name, columns - count.length);
  const between = ' '.repeat(Math.max(0, columns - count.length - Bun.stringWidth(shown)));
  return (
    <>
      <Text wrap="truncate">
        <Text bold={count !== '' && !view.muted} inverse={isOpen}>
          {shown}
        </Text>
        {between}
        <Text {...(view.muted ? { dimColor: true } : { color: 'green' })}>{count}</Text>
      </Text>
      <Text dimColor wrap="truncate">
        {fit(preview(messenger, view), columns)}
      </Text>
    </>
  );
}

export function title(messenger: Messenger, view: ConversationView): string {
  return titleOf(view, new Map(view.peer ? [[view.peer, nameOf(messenger, view.peer)]] : []));
}

export function isAsking({ request }: ConversationView): boolean {
  return request === 'received' || request === 'declined';
}

export function nameOf(messenger: Messenger, user: string): string {
  const profile = messenger.profile(user);
  return profile ? oneLine(profile.displayName) || profile.name : '…';
}

function preview(messenger: Messenger, view: ConversationView): string {
  const { kind, typing, last, lastPending, draft } = view;
  if (typing.length > 0) return 'typing…';
  if (draft) return `Draft: ${oneLine(draft)}`;
  if (lastPending) return `${lastPending.state === 'refused' ? '!' : '…'} ${lineOf(lastPending.text)}`;
  if (last?.kind !== 'message') return joined(view, messenger.user) || ' ';
  const text = oneLine(said(last, new Map(), lineOf));
  if (last.sender === messenger.user) return kind === 'self' ? text : `You: ${text}`;
  if (isAsking(view)) return `Request: ${text}`;
  return kind === 'group' ? `${nameOf(messenger, last.sender)}: ${text}` : text;
}
