/** Saying that one has read: one mark for each conversation, however much is unread in it. */
import type { Summary } from '../../protocol/entities.ts';
import type { Ask } from '../ask.ts';
import { type Context, signedIn } from '../context.ts';
import { EXIT, Failed } from '../failure.ts';
import { conversation, conversations, names, titleOf } from '../find.ts';
import { counted, oneLine, print, printJson } from '../print.ts';

/** Of so many conversations at once, so that a long absence does not end in a burst. */
const ROUND = 20;

export async function read(context: Context, who: string | undefined, all: boolean): Promise<void> {
  if ((who === undefined) !== all) throw new Failed('Say what you have read: parley read WHO, or --all.', EXIT.usage);
  const { ask } = await signedIn(context);
  const found = who === undefined ? await conversations(ask) : [await conversation(ask, who)];
  const unread = found.filter(({ unread, request }) => unread > 0 && (!all || request === undefined));
  for (let from = 0; from < unread.length; from += ROUND) {
    await Promise.all(unread.slice(from, from + ROUND).map((summary) => mark(ask, summary)));
  }
  const known = await names(
    ask,
    unread.flatMap(({ peer }) => peer ?? []),
  );
  for (const summary of unread) {
    const { id, head, unread: were } = summary;
    if (context.json) printJson({ conversation: id, read: head, unread: were });
    else print(`${oneLine(titleOf(summary, known))}: ${counted(were)} read.`);
  }
  if (unread.length === 0 && !context.json) print('Nothing is unread.');
}

async function mark(ask: Ask, { id, head }: Summary): Promise<void> {
  await ask('mark', { conversation: id, read: head });
}
