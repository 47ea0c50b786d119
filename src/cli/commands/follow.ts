/** What stays open: `chat` and `tail`, on the SDK with a replica on disk. */
import type { Messenger } from '../../client/api.ts';
import type { Entry } from '../../protocol/entities.ts';
import { chatInPipe } from '../chat/pipe.ts';
import { type Context, signedIn } from '../context.ts';
import { conversation, names } from '../find.ts';
import { openMessenger } from '../messenger.ts';
import { line, namedIn, print, printEntry } from '../print.ts';
import { shown } from '../styled.ts';

export async function tail(context: Context, who: string | undefined): Promise<void> {
  const { ask } = await signedIn(context);
  const only = who === undefined ? null : (await conversation(ask, who)).id;
  const messenger = await openMessenger(context);
  const known = new Map<string, string>();
  // One after the other, so that lines keep their order while names are asked for.
  let printing = Promise.resolve();
  const show = async (id: string, entry: Entry) => {
    const strangers = namedIn(entry).filter((user) => !known.has(user));
    if (strangers.length > 0) for (const [user, name] of await names(ask, strangers)) known.set(user, name);
    if (context.json) printEntry(id, entry, known);
    else print(line(entry, known, null, shown));
  };
  messenger.on('message', ({ conversation: id, entry }) => {
    if (only === null || id === only) printing = printing.then(() => show(id, entry)).catch(() => {});
  });
  await untilStopped(messenger);
  await printing;
  await messenger.close();
}

export async function chat(context: Context, who: string | undefined): Promise<void> {
  const { ask } = await signedIn(context);
  const id = who === undefined ? null : (await conversation(ask, who)).id;
  const messenger = await openMessenger(context);
  try {
    if (process.stdin.isTTY && process.stdout.isTTY && !context.json) {
      const { chatFullScreen } = await import('../chat/screen.tsx');
      await chatFullScreen(messenger, id);
    } else await chatInPipe(messenger, ask, id, context.json);
  } finally {
    await messenger.close();
  }
}

/** Until Ctrl-C, SIGTERM, or the end of the session. */
function untilStopped(messenger: Messenger): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    messenger.on('status', ({ state }) => {
      if (state !== 'signedOut' && state !== 'replaced' && state !== 'wrongVersion') return;
      process.stderr.write(`Stopped: ${state === 'signedOut' ? 'this device is signed out' : state}.\n`);
      resolve();
    });
  });
}
