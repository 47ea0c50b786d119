/**
 * What is stored of files: whose each is, and which message it belongs to. A file's id names its bytes, its conversation
 * and its upload: so it belongs to one message, and goes with it.
 */
import { type Media, SIZES, type Size } from '../media/media.ts';
import type { Entry, FileInfo } from '../protocol/entities.ts';
import { UPLOAD_KEPT_MS } from '../protocol/limits.ts';
import type { Store } from '../store/store.ts';
import type { Recent } from './annotations.ts';
import type { NodePorts } from './ports.ts';

/** What is kept of a file for as long as it is there. */
export interface StoredFile {
  readonly user: string;
  readonly info: FileInfo;
  readonly at: number;
  /** The key of its upload; none of an earlier version. */
  readonly upload?: string;
}

export const FORMS = ['file', ...SIZES] as const;
export type Form = 'file' | Size;

/** Before an upload is taken away nobody may be about to send it. */
const LATE_MS = 600_000;
const PAGE = 500;

export function keyOf(conversation: string, id: string, form: Form): string {
  return `files/${conversation}/${id}/${form}`;
}

export async function storedFile(store: Store, conversation: string, id: string): Promise<StoredFile | null> {
  const record = await store.getRecord(`files/${conversation}`, id);
  return record ? (JSON.parse(record.value) as StoredFile) : null;
}

/** The seq of the message that it belongs to, or null. */
export async function messageOf(
  store: Store,
  recent: Recent,
  conversation: string,
  id: string,
): Promise<number | null> {
  // First what is remembered: it is forgotten only once it is in the registers.
  return recent.fileAt(id) ?? (await store.getRegister(`files/${conversation}`, id))?.stamp ?? null;
}

/** Whether the user may send these with an entry now: their own, of no other entry, and pictures where they have to be. */
export async function areSendable(
  { store, clock }: NodePorts,
  recent: Recent,
  conversation: string,
  user: string,
  ids: readonly string[],
  as: 'any' | 'picture',
): Promise<boolean> {
  const all = await Promise.all(
    ids.map(async (id) => {
      const stored = await storedFile(store, conversation, id);
      const isFresh = stored !== null && clock.now() < stored.at + UPLOAD_KEPT_MS - LATE_MS;
      if (!isFresh || stored.user !== user || (as === 'picture' && stored.info.width === undefined)) return false;
      return (await messageOf(store, recent, conversation, id)) === null;
    }),
  );
  return all.every(Boolean);
}

/** Which message each file belongs to. May be repeated. */
export async function raiseFiles(
  store: Store,
  conversation: string,
  files: readonly { readonly id: string; readonly seq: number }[],
): Promise<void> {
  if (files.length === 0) return;
  await store.raise(
    `files/${conversation}`,
    files.map(({ id, seq }) => ({ key: id, stamp: seq, value: '' })),
  );
}

/** Takes the files of the message at this seq away for good. May be repeated. */
export async function eraseFilesAt(store: Store, media: Media, conversation: string, seq: number): Promise<void> {
  const row = (await store.read(`c/${conversation}`, seq, 1)).rows[0];
  if (row?.seq === seq) await eraseFilesOf(store, media, conversation, JSON.parse(row.header) as Entry);
}

export async function eraseFilesOf(store: Store, media: Media, conversation: string, entry: Entry): Promise<void> {
  if (entry.kind !== 'message') return;
  for (const id of entry.attachments ?? []) await eraseFile(store, media, conversation, id);
}

/** Also those that were not sent. */
export async function eraseAllFiles(store: Store, media: Media, conversation: string): Promise<void> {
  for (;;) {
    const page = await store.listRecords(`files/${conversation}`, '', PAGE);
    for (const { key } of page) await eraseFile(store, media, conversation, key);
    if (page.length < PAGE) return;
  }
}

export async function eraseFile(store: Store, media: Media, conversation: string, id: string): Promise<void> {
  for (const form of FORMS) await media.delete(keyOf(conversation, id, form));
  const record = await store.getRecord(`files/${conversation}`, id);
  if (!record) return;
  const { user, upload } = JSON.parse(record.value) as StoredFile;
  // It tells the name.
  const known = upload === undefined ? null : await store.getRecord(`uploads/${user}`, upload);
  if (known) await store.deleteRecord(`uploads/${user}`, known.key, known.version);
  await store.deleteRecord(`files/${conversation}`, id, record.version);
}
