/** What the outbox keeps of a message until it is stored. */
import type { Request } from '../protocol/commands.ts';
import type { FileInfo } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';

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
  readonly baseSeq: number;
  readonly at: number;
  readonly code: ErrorCode | null;
}

export const storageKey = (item: Item) => `o/${String(item.number).padStart(16, '0')}`;

export function draftOf({
  key,
  baseSeq,
  text,
  ref,
  mentions,
  forwarded,
  files = [],
}: Item): Request<'send'>['drafts'][number] {
  return {
    kind: 'message',
    key,
    baseSeq,
    ...(ref === null ? {} : { ref }),
    ...(mentions.length === 0 ? {} : { mentions: [...mentions] }),
    ...(files.length === 0 ? {} : { attachments: files.map(({ id }) => id) }),
    body: { v: 1, text, ...(forwarded ? { forwarded } : {}), ...(files.length === 0 ? {} : { files: [...files] }) },
  };
}
