/** Takes what was picked, pasted or dropped into the next message, and says what does not go. */
import type { Messenger, NewFile } from '../../client/index.ts';
import { cleanFileName } from '../../core/file-name.ts';
import { ATTACHMENTS_MAX } from '../../protocol/limits.ts';
import { sizeText } from '../text/size.ts';
import { t } from '../text/text.ts';

/** What the server may be able to draw. */
const PICTURES = /^image\/(jpeg|png|webp|gif|avif|heic|heif)$/;

let wrong: { readonly conversation: string; readonly text: string } | null = null;
const listeners = new Set<() => void>();

function tell(next: typeof wrong): void {
  wrong = next;
  for (const run of listeners) run();
}

/** What of the last choice does not go, in words. */
export const wrongIn = (conversation: string) => (wrong?.conversation === conversation ? wrong.text : '');
export const forgetWrong = () => wrong && tell(null);

export function onWrong(run: () => void): () => void {
  listeners.add(run);
  return () => listeners.delete(run);
}

interface Choice {
  /** Byte by byte, also what could be shown as a picture. */
  readonly asFiles?: boolean;
  readonly folders?: boolean;
}

export async function attachFiles(
  messenger: Messenger,
  conversation: string,
  files: readonly File[],
  { asFiles = false, folders = false }: Choice = {},
): Promise<void> {
  const limit = messenger.fileBytes();
  const fitting = files.filter(({ size }) => size <= limit);
  const taken = fitting.slice(0, ATTACHMENTS_MAX - messenger.staged(conversation).length);
  const said = files
    .filter(({ size }) => size > limit)
    .map(({ name, size }) => {
      return t('fileTooLarge', { name: cleanFileName(name), size: sizeText(size), limit: sizeText(limit) });
    });
  const over = fitting.length - taken.length;
  if (over > 0) said.push(t('filesTooMany', { most: ATTACHMENTS_MAX, n: over }));
  if (folders) said.push(t('noFolders'));
  tell(said.length > 0 ? { conversation, text: said.join(' ') } : null);
  const fresh = await Promise.all(taken.map((file) => newFile(file, asFiles)));
  await messenger.stage(conversation, fresh);
}

async function newFile(content: File, asFile: boolean): Promise<NewFile> {
  const name = cleanFileName(content.name);
  if (asFile || !PICTURES.test(content.type)) return { content, name };
  // What this browser cannot read, the server perhaps can.
  const drawn = await createImageBitmap(content).catch(() => null);
  const size = drawn ? { width: drawn.width, height: drawn.height } : {};
  drawn?.close();
  return { content, name, as: 'picture', ...size };
}
