/** Lines that begin with a stroke do something to the last message; two strokes begin a text with one. */

import type { Messenger } from '../../client/api.ts';
import type { TimelineItem } from '../../client/views.ts';

/** False when the line is a text to send. What comes of an act that is refused is told in a sentence. */
export function actOn(
  messenger: Messenger,
  id: string,
  items: readonly TimelineItem[],
  line: string,
  onRefused: (why: string) => void,
): boolean {
  const [, act, rest = ''] = /^\/(edit|delete|hide|react|pin|unpin)(?:\s+([\s\S]*))?$/.exec(line) ?? [];
  if (act === undefined) return false;
  const messages = items.flatMap((item) =>
    item.kind === 'entry' && item.entry.kind === 'message' && item.entry.body !== null ? [item.entry] : [],
  );
  const own = messages.findLast(({ sender }) => sender === messenger.user)?.seq;
  const last = messages.at(-1)?.seq;
  const done = doing(messenger, id, act, own, last, rest.trim());
  if (done === null) onRefused('There is no message to do that to.');
  else done.catch((error: Error) => onRefused(`Not done. ${error.message}`));
  return true;
}

function doing(
  messenger: Messenger,
  id: string,
  act: string,
  own: number | undefined,
  last: number | undefined,
  rest: string,
): Promise<void> | null {
  if (last === undefined) return null;
  if (act === 'react') return messenger.react(id, last, rest);
  if (act === 'pin' || act === 'unpin') return messenger.pinMessage(id, last, act === 'pin');
  if (act === 'hide') return messenger.hideMessage(id, last);
  if (own === undefined) return null;
  return act === 'edit' ? messenger.editMessage(id, own, rest) : messenger.deleteMessage(id, own);
}
