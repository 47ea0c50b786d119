/** The full screen: inbox at the start side, the open conversation beside it. */
import { Box, render, Text, useApp, useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Messenger } from '../../client/api.ts';
import type { ConversationView, Status } from '../../client/views.ts';
import { counted } from '../print.ts';
import { Conversation } from './conversation.tsx';
import { Inbox } from './inbox.tsx';
import { useKeys } from './keys.ts';

const INBOX_COLUMNS = 28;
/** Narrower than this, the open conversation has all of it. */
const BOTH_COLUMNS = 64;
/** Another page, whose lines end at its edge: a terminal may take a character for wider than it was counted. */
const ALTERNATE = '\u001b[?1049h\u001b[?7l';
const NORMAL = '\u001b[?7h\u001b[?1049l';
const CLEAR = '\u001b[2J\u001b[H';

export async function chatFullScreen(messenger: Messenger, first: string | null): Promise<void> {
  process.stdout.write(ALTERNATE);
  try {
    await render(<Screen messenger={messenger} first={first} />, { exitOnCtrlC: true }).waitUntilExit();
  } finally {
    process.stdout.write(NORMAL);
  }
}

function Screen({ messenger, first }: { messenger: Messenger; first: string | null }) {
  const { exit } = useApp();
  const { columns, rows } = useSize();
  const inbox = useSyncExternalStore(
    (run) => messenger.subscribe(run),
    () => messenger.inbox(),
  );
  const status = useSyncExternalStore(
    (run) => messenger.subscribe(run),
    () => messenger.status(),
  );
  const [chosen, choose] = useState<string | null>(first);
  const open = chosen ?? inbox.conversations.find(isListed)?.id ?? null;
  const conversations = inbox.conversations.filter((view) => isListed(view) || view.id === open);
  const both = columns >= BOTH_COLUMNS;

  const move = (by: number) => {
    const at = conversations.findIndex(({ id }) => id === open);
    const next = conversations[Math.min(conversations.length - 1, Math.max(0, at + by))];
    if (next) choose(next.id);
  };
  useKeys((input, key) => {
    if (key.escape) exit();
    else if (key.tab) move(key.shift ? -1 : 1);
    else if (key.downArrow || (key.ctrl && input === 'n')) move(1);
    else if (key.upArrow || (key.ctrl && input === 'p')) move(-1);
  });

  const peers = inbox.conversations.flatMap(({ peer }) => (peer ? [peer] : [])).slice(0, 100);
  const watched = peers.join(' ');
  useEffect(() => {
    messenger.watch(watched === '' ? [] : watched.split(' '));
  }, [messenger, watched]);

  return (
    <Box flexDirection="column" height={rows - 1} width={columns}>
      <Box flexGrow={1} height={rows - 2}>
        {both && (
          <Inbox
            messenger={messenger}
            conversations={conversations}
            open={open}
            columns={INBOX_COLUMNS}
            rows={rows - 2}
          />
        )}
        {open === null ? (
          <Text dimColor>{inbox.loaded ? 'No conversation yet. Begin one: parley chat NAME' : 'Loading…'}</Text>
        ) : (
          <Conversation
            key={open}
            messenger={messenger}
            id={open}
            columns={both ? columns - INBOX_COLUMNS - 1 : columns}
            rows={rows - 2}
          />
        )}
      </Box>
      <Text dimColor wrap="truncate">
        {standing(status)}
        {inbox.unread > 0 && !both ? ` · ${counted(inbox.unread)} unread` : ''}
        {inbox.requests > 0 && !both ? ` · ${inbox.requests} asking` : ''} · ↑↓ conversation · PageUp older · Esc leaves
      </Text>
    </Box>
  );
}

const isListed = ({ archived, request }: ConversationView) => !archived && request !== 'declined' && request !== 'open';

function standing(status: Status): string {
  switch (status.state) {
    case 'online':
      return 'online';
    case 'connecting':
      return 'connecting…';
    case 'offline':
      return 'offline; what you write is kept and sent later';
    case 'signedOut':
      return 'signed out';
    case 'replaced':
      return 'open elsewhere on this device';
    case 'wrongVersion':
      return 'this parley is older than the server';
  }
}

function useSize(): { columns: number; rows: number } {
  const { stdout } = useStdout();
  const read = () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
  const [size, setSize] = useState(read);
  useEffect(() => {
    const resized = () => {
      // What stood there was laid out for another size.
      stdout.write(CLEAR);
      setSize({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
    };
    stdout.on('resize', resized);
    return () => void stdout.off('resize', resized);
  }, [stdout]);
  return size;
}
