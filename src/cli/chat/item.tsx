import { Box, Text } from 'ink';
import type { Messenger } from '../../client/api.ts';
import type { ConversationView, TimelineItem } from '../../client/views.ts';
import type { Entry } from '../../protocol/entities.ts';
import { sentenceOf } from '../failure.ts';
import { namedIn, safe, said, time } from '../print.ts';
import { nameOf } from './inbox.tsx';

interface Props {
  readonly messenger: Messenger;
  readonly conversation: ConversationView;
  readonly item: TimelineItem;
}

export function Item({ messenger, conversation, item }: Props) {
  if (item.kind === 'gap') return <Text dimColor> … older messages that are not here</Text>;
  if (item.kind === 'pending') {
    const { text, state, code } = item.pending;
    return (
      <Line at="     " who="You" text={safe(text)} own>
        {state === 'refused' ? <Text color="red"> ! {sentenceOf(code ?? 'internal')}</Text> : <Text dimColor> …</Text>}
      </Line>
    );
  }
  const { entry } = item;
  const names = new Map(namedIn(entry).map((user) => [user, nameOf(messenger, user)]));
  const who = names.get(entry.sender) ?? '…';
  const at = time(entry.at).slice(-5);
  if (entry.kind !== 'message') {
    return (
      <Text dimColor>
        {at} {who} {said(entry, names)}
      </Text>
    );
  }
  const own = entry.sender === messenger.user;
  return (
    <Line at={at} who={own ? 'You' : who} text={said(entry, names)} own={own}>
      {own && conversation.kind !== 'self' && <Ticks conversation={conversation} entry={entry} user={messenger.user} />}
    </Line>
  );
}

/** One tick: stored. Two: with all the others. Two in colour: read by all the others. */
function Ticks({ conversation, entry, user }: { conversation: ConversationView; entry: Entry; user: string }) {
  const others = [...conversation.marks.values()].filter((mark) => mark.user !== user);
  const all = others.length > 0;
  const read = all && others.every((mark) => mark.read >= entry.seq);
  const delivered = all && others.every((mark) => mark.delivered >= entry.seq);
  return (
    <Text color={read ? 'cyan' : undefined} dimColor={!read}>
      {read || delivered ? ' ✓✓' : ' ✓'}
    </Text>
  );
}

interface LineProps {
  readonly at: string;
  readonly who: string;
  readonly text: string;
  readonly own: boolean;
  readonly children: React.ReactNode;
}

function Line({ at, who, text, own, children }: LineProps) {
  return (
    <Box flexShrink={0}>
      <Text>
        <Text dimColor>{at} </Text>
        <Text bold color={own ? 'green' : 'yellow'}>
          {who}:{' '}
        </Text>
        {text}
        {children}
      </Text>
    </Box>
  );
}
