/** Sending files, and saving those that came. */

import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { attachedTo } from '../../core/attached.ts';
import { cleanFileName, extensionOf } from '../../core/file-name.ts';
import type { FileInfo } from '../../protocol/entities.ts';
import { idOf } from '../../protocol/ids.ts';
import { ATTACHMENTS_MAX } from '../../protocol/limits.ts';
import { bring } from '../bring.ts';
import { type Context, signedIn } from '../context.ts';
import { deliver } from '../deliver.ts';
import { EXIT, Failed, sentenceOf } from '../failure.ts';
import { conversation } from '../find.ts';
import { print, printJson } from '../print.ts';
import { mustBeFile, writing } from '../writing.ts';

const newKey = () => idOf(randomBytes(16));

/** One message with these files and, if there are any, words. */
export async function sendFiles(context: Context, who: string, text: string, paths: readonly string[]): Promise<void> {
  if (paths.length > ATTACHMENTS_MAX) throw new Failed(`One message carries ${ATTACHMENTS_MAX} files.`, EXIT.usage);
  const { ask, session } = await signedIn(context);
  const sizes: number[] = [];
  for (const path of paths) sizes.push(await mustBeFile(path));
  const { id, head } = await conversation(ask, who);
  const { tooLong, mustTake, calls } = writing(ask, id);
  // Before any of them is brought.
  for (const [i, path] of paths.entries()) await mustTake(basename(path), sizes[i]!);
  const refusal = await tooLong(text);
  if (refusal !== null) throw new Failed(refusal);
  const files: FileInfo[] = [];
  for (const path of paths) files.push(await bring(session, id, path, 'anything'));
  const body = { v: 1 as const, text, files };
  const attachments = files.map((file) => file.id);
  const called = await calls(text);
  const draft = { kind: 'message', key: newKey(), baseSeq: head, ...called, attachments, body } as const;
  const [result] = await deliver(ask, id, [draft]);
  if (context.json) printJson({ conversation: id, ...result });
}

/** The files of the message with this number, into a folder; what is there already is left alone. */
export async function save(context: Context, who: string, number: number, folder = '.'): Promise<void> {
  const { ask, session } = await signedIn(context);
  const { id } = await conversation(ask, who);
  const page = await ask('history', { conversation: id, place: { around: number }, limit: 1 });
  const entry = page.entries.find(({ seq }) => seq === number);
  const files = entry?.kind === 'message' ? attachedTo(entry) : [];
  if (files.length === 0) throw new Failed(sentenceOf('not_found'));
  const { addresses } = await ask('addresses', { conversation: id, files: files.map((file) => file.id) });
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const address = addresses.find((one) => one.id === file.id);
    const answer = address ? await fetch(new URL(address.file, session.server)) : null;
    if (!answer?.ok || !answer.body) throw new Failed(sentenceOf('not_found'));
    const path = await write(folder, cleanFileName(file.name), answer.body);
    if (context.json) printJson({ path, bytes: file.bytes });
    else print(path);
  }
}

async function write(folder: string, name: string, content: ReadableStream<Uint8Array>): Promise<string> {
  const end = extensionOf(name);
  const stem = name.slice(0, name.length - end.length);
  for (let copy = 1; ; copy++) {
    const path = join(folder, copy === 1 ? name : `${stem} (${copy})${end}`);
    const file = await open(path, 'wx').catch((error: { code?: string }) => {
      if (error.code === 'EEXIST') return null;
      throw new Failed(`${path} cannot be written (${error.code}).`);
    });
    if (!file) continue;
    try {
      for await (const piece of content) await file.appendFile(piece);
      return path;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }
}
