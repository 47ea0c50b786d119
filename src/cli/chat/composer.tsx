import { Box, Text } from 'ink';
import { useEffect, useRef, useState } from 'react';
import { composerRows, type Editing, EMPTY, editing, erase, eraseWord, move, typeKeys } from './editing.ts';
import { type Key, useKeys } from './keys.ts';

const PROMPT = '> ';

interface Props {
  readonly first: string;
  readonly columns: number;
  /** More rows than these are not shown at once. */
  readonly rowsMost: number;
  onRows(rows: number): void;
  onTyping(): void;
  onSend(text: string): void;
  /** The text that was there when the conversation was left. */
  onLeave(text: string): void;
}

/** Where one writes: Enter sends; a pasted text may hold several lines. */
export function Composer({ first, columns, rowsMost, onRows, onTyping, onSend, onLeave }: Props) {
  const [state, show] = useState(() => editing(first));
  // Keys may come faster than they are painted.
  const current = useRef(state);
  const set = (next: Editing) => {
    current.current = next;
    show(next);
  };
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    const before = first;
    return () => {
      const left = current.current.text.join('');
      if (left !== before) leave.current(left);
    };
  }, [first]);

  useKeys((input, key) => {
    const before = current.current;
    // Who types fast has Enter come together with what stands before it; in a paste there are more of them.
    const enters = /^[^\r\n]+\r$/.test(input);
    if (key.return || enters) {
      const whole = (enters ? typeKeys(before, input.slice(0, -1)) : before).text.join('').trim();
      if (whole !== '') onSend(whole);
      set(EMPTY);
      return;
    }
    const edited = edit(before, input, key);
    if (!edited) return;
    set(edited);
    if (edited.text.length > before.text.length) onTyping();
  });

  const rows = composerRows(state, columns - PROMPT.length - 1, rowsMost);
  useEffect(() => onRows(rows.length), [onRows, rows.length]);
  return (
    <Box flexDirection="column" flexShrink={0}>
      {rows.map(({ before, cursor, after }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <Text key={i} wrap="truncate">
          <Text color="green">{i === 0 ? PROMPT : '  '}</Text>
          {before}
          {cursor !== null && <Text inverse>{cursor}</Text>}
          {after}
        </Text>
      ))}
    </Box>
  );
}

/** Null for keys that are not the composer's. */
function edit(state: Editing, input: string, key: Key): Editing | null {
  if (key.leftArrow) return move(state, -1);
  if (key.rightArrow) return move(state, 1);
  if (key.backspace || key.delete) return erase(state);
  if (key.ctrl) {
    switch (input) {
      case 'a':
        return move(state, -state.text.length);
      case 'e':
        return move(state, state.text.length);
      case 'u':
        return erase(state, state.at);
      case 'w':
        return eraseWord(state);
    }
    return null;
  }
  if (input === '' || key.meta || key.tab || key.escape) return null;
  return typeKeys(state, input);
}
