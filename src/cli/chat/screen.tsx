/** The full screen: inbox at the start side, the open conversation beside it. */
import { Box, render, Text, useApp, useInput, useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Messenger } from '../../client/api.ts';
import type { Status } from '../../client/views.ts';
import { Conversation } from './conversation.tsx';
import { Inbox } from './inbox.tsx';

const INBOX_COLUMNS = 28;
const ALTERNATE = '\u001b[?1049h';
const NORMAL = '\u001b[?1049l';

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
  const open = chosen ?? inbox.conversations[0]?.id ?? null;

  const move = (by: number) => {
    const at = inbox.conversations.findIndex(({ id }) => id === open);
    const next = inbox.conversations[Math.min(inbox.conversations.length - 1, Math.max(0, at + by))];
    if (next) choose(next.id);
  };
  useInput((input, key) => {
    if (key.escape) exit();
    else if (key.tab) move(key.shift ? -1 : 1);
    else if (key.ctrl && input === 'n') move(1);
    else if (key.ctrl && input === 'p') move(-1);
  });

  const peers = inbox.conversations.flatMap(({ peer }) => (peer ? [peer] : [])).slice(0, 100);
  const watched = peers.join(' ');
  useEffect(() => {
    messenger.watch(watched === '' ? [] : watched.split(' '));
  }, [messenger, watched]);

  return (
    <Box flexDirection="column" height={rows - 1} width={columns}>
      <Box flexGrow={1} height={rows - 2}>
        <Inbox messenger={messenger} inbox={inbox} open={open} columns={INBOX_COLUMNS} rows={rows - 2} />
        {open === null ? (
          <Text dimColor> No conversation yet. Begin one: parley send NAME TEXT</Text>
        ) : (
          <Conversation key={open} messenger={messenger} id={open} rows={rows - 2} />
        )}
      </Box>
      <Text dimColor wrap="truncate">
        {standing(status)} · Enter sends · Tab changes the conversation · PageUp older · Esc leaves
      </Text>
    </Box>
  );
}

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
    const resized = () => setSize({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
    stdout.on('resize', resized);
    return () => void stdout.off('resize', resized);
  }, [stdout]);
  return size;
}
