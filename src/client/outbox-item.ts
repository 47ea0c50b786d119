/** What the outbox keeps of a message until it is stored. */
import type { ActDraft } from '../core/acts.ts';
import type { Request } from '../protocol/commands.ts';
import type { FileInfo } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { PendingMessage, StagedFile, UndoneAct, UploadView } from './views.ts';

export type QueuedAct = ActDraft extends infer D ? (D extends unknown ? Omit<D, 'key' | 'baseSeq'> : never) : never;

/** A file that comes up from this device. */
export interface OwnFile extends StagedFile {
  /** Once it is finished. */
  readonly file: FileInfo | null;
  readonly code: ErrorCode | null;
}

export interface Item {
  readonly key: string;
  readonly conversation: string;
  /** Its place in the order of writing, over all conversations. */
  readonly number: number;
  readonly text: string;
  readonly ref: number | null;
  readonly mentions: readonly string[];
  readonly forwarded?: boolean;
  readonly files?: readonly FileInfo[];
  /** In place of a message: what is done to one. */
  readonly act?: QueuedAct;
  readonly uploads?: readonly OwnFile[];
  /** What was up was gone before the message was sent, and is brought up once more. */
  readonly again?: boolean;
  readonly baseSeq: number;
  readonly at: number;
  readonly code: ErrorCode | null;
}

export const storageKey = (item: Item) => `o/${String(item.number).padStart(16, '0')}`;

export const uploadsOf = ({ uploads = [] }: Item) => uploads;
export const unfinished = (item: Item) => uploadsOf(item).filter(({ file }) => file === null);

export function draftOf(item: Item): Request<'send'>['drafts'][number] {
  const { key, baseSeq, text, ref, mentions, forwarded, act } = item;
  if (act) return { ...act, key, baseSeq };
  const files = [...(item.files ?? []), ...uploadsOf(item).flatMap(({ file }) => file ?? [])];
  return {
    kind: 'message',
    key,
    baseSeq,
    ...(ref === null ? {} : { ref }),
    ...(mentions.length === 0 ? {} : { mentions: [...mentions] }),
    ...(files.length === 0 ? {} : { attachments: files.map(({ id }) => id) }),
    body: { v: 1, text, ...(forwarded ? { forwarded } : {}), ...(files.length === 0 ? {} : { files }) },
  };
}

const NO_FILES: readonly FileInfo[] = [];
const NO_UPLOADS: readonly UploadView[] = [];

export function viewItem(item: Item, tried: boolean, held: ErrorCode | null, sent: (key: string) => number) {
  const { key, conversation, text, ref, mentions, forwarded = false, files = NO_FILES, uploads, at, code } = item;
  const isUp = unfinished(item).length === 0;
  const state = code !== null ? 'refused' : !isUp ? 'uploading' : tried ? 'sending' : 'waiting';
  const view: PendingMessage = {
    key,
    conversation,
    text,
    ref,
    mentions,
    forwarded,
    files,
    uploads: uploads?.map((one) => ({ ...one, sent: one.file ? one.bytes : sent(one.key) })) ?? NO_UPLOADS,
    at,
    code: code ?? held,
    state,
  };
  return view;
}

export function undoneOf({ key, conversation }: Item, act: QueuedAct, code: ErrorCode): UndoneAct {
  const text = act.kind === 'edited' ? act.body.text : null;
  return { key, conversation, seq: act.target, kind: act.kind, text, code };
}

export interface Writing {
  readonly conversation: string;
  readonly text: string;
  readonly ref?: number | undefined;
  readonly mentions?: readonly string[] | undefined;
  /** It was said elsewhere before. */
  readonly forwarded?: boolean;
  readonly files?: readonly FileInfo[];
  readonly staged?: readonly StagedFile[];
}

/** Its files came up from this device, all of them. */
export function isUp(item: Item): boolean {
  return uploadsOf(item).length > 0 && unfinished(item).length === 0;
}

export function withUploads(item: Item, change: (file: OwnFile) => OwnFile): Item {
  return item.uploads ? { ...item, uploads: item.uploads.map(change) } : item;
}
