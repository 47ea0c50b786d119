/** One's own picture, and those of groups. */
import { randomBytes } from 'node:crypto';
import { idOf } from '../../protocol/ids.ts';
import type { Ask } from '../ask.ts';
import { bring } from '../bring.ts';
import { type Context, signedIn } from '../context.ts';
import { deliver } from '../deliver.ts';
import { conversation } from '../find.ts';
import { oneLine, print, printJson } from '../print.ts';
import type { SavedSession } from '../profile.ts';
import { mustBeFile } from '../writing.ts';

/** What one is to others; `picture` is a file, false for none, undefined where it stays. */
export async function profile(context: Context, picture: string | false | undefined): Promise<void> {
  const { ask, session } = await signedIn(context);
  let change: { picture?: string | null } = {};
  if (picture === false) change = { picture: null };
  else if (picture !== undefined) {
    await mustBeFile(picture);
    const notes = (await ask('create', { create: { kind: 'self' } })).conversation.id;
    change = { picture: (await bring(session, notes, picture, 'picture')).id };
  }
  const own = (await ask('profile', change)).profile;
  if (context.json) printJson(own);
  else
    print(`@${own.name}  ${oneLine(own.displayName)}  ${own.picture === undefined ? 'no picture' : 'has a picture'}`);
}

/** Gives a group that picture; null takes it away. */
export async function groupPicture(context: Context, who: string, path: string | null): Promise<void> {
  const { ask, session } = await signedIn(context);
  if (path !== null) await mustBeFile(path);
  const { id, head } = await conversation(ask, who);
  await givePicture(ask, session, { id, head }, path);
  if (context.json)
    printJson({
      conversation: id,
      picture: (await ask('summaries', { conversations: [id] })).conversations[0]?.picture ?? null,
    });
}

export async function givePicture(
  ask: Ask,
  session: SavedSession,
  { id, head }: { id: string; head: number },
  path: string | null,
): Promise<void> {
  const picture = path === null ? null : (await bring(session, id, path, 'picture')).id;
  await deliver(ask, id, [{ kind: 'pictured', picture, key: idOf(randomBytes(16)), baseSeq: head }]);
}
