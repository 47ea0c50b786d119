/** A chat without a screen: lines in are sent, lines out are what others write; ends when the input does. */
import { createInterface } from 'node:readline';
import type { Messenger } from '../../client/api.ts';
import type { Ask } from '../ask.ts';
import { EXIT, Failed } from '../failure.ts';
import { names } from '../find.ts';
import { line, namedIn, print, printEntry } from '../print.ts';
import { shown } from '../styled.ts';

export async function chatInPipe(messenger: Messenger, ask: Ask, id: string | null, json: boolean): Promise<void> {
  if (id === null) throw new Failed('Say with whom: parley chat NAME', EXIT.usage);
  let printing = Promise.resolve();
  messenger.on('message', ({ conversation, entry }) => {
    if (conversation !== id || entry.sender === messenger.user) return;
    printing = printing.then(async () => {
      const known = await names(ask, namedIn(entry));
      if (json) printEntry(conversation, entry, known);
      else print(line(entry, known, null, shown));
      messenger.markRead(conversation, entry.seq);
    });
    printing.catch(() => {});
  });
  const stored: Promise<number>[] = [];
  for await (const text of createInterface({ input: process.stdin })) {
    if (text.trim() === '') continue;
    const sent = messenger.stored(await messenger.send(id, text));
    sent.catch(() => {});
    stored.push(sent);
  }
  await Promise.all(stored);
  await printing;
}
