import { Box, Text, useInput } from 'ink';
import { useEffect, useRef, useState } from 'react';

interface Props {
  readonly member: boolean;
  readonly first: string;
  onTyping(): void;
  onSend(text: string): void;
  /** The text that was there when the conversation was left. */
  onLeave(text: string): void;
}

/** One line to write in; a pasted text may hold more of them. */
export function Composer({ member, first, onTyping, onSend, onLeave }: Props) {
  const [{ text, at }, set] = useState({ text: [...first], at: [...first].length });
  const latest = useRef({ text, onLeave });
  latest.current = { text, onLeave };
  useEffect(() => {
    const before = first;
    return () => {
      const left = latest.current.text.join('');
      if (left !== before) latest.current.onLeave(left);
    };
  }, [first]);

  useInput(
    (input, key) => {
      if (key.return) {
        const whole = text.join('').trim();
        if (whole !== '') onSend(whole);
        set({ text: [], at: 0 });
      } else if (key.leftArrow) set({ text, at: Math.max(0, at - 1) });
      else if (key.rightArrow) set({ text, at: Math.min(text.length, at + 1) });
      else if (key.backspace || key.delete) {
        if (at > 0) set({ text: [...text.slice(0, at - 1), ...text.slice(at)], at: at - 1 });
      } else if (input !== '' && !key.ctrl && !key.meta && !key.tab && !key.escape) {
        const added = [...input.replace(/\r\n?/g, '\n')];
        set({ text: [...text.slice(0, at), ...added, ...text.slice(at)], at: at + added.length });
        onTyping();
      }
    },
    { isActive: member },
  );

  if (!member) return <Text dimColor>You are no longer in this conversation.</Text>;
  return (
    <Box flexShrink={0}>
      <Text color="green">{'> '}</Text>
      <Text>
        {text.slice(0, at).join('')}
        <Text inverse>{text[at] ?? ' '}</Text>
        {text.slice(at + 1).join('')}
      </Text>
    </Box>
  );
}
