/** Files on their way to the server: in parts, over plain HTTP, which a connection's frames could not carry. */
import { backoff, type Clock, delay, type Random } from '../core/clock.ts';
import { crc32 } from '../core/crc32.ts';
import type { FileInfo, Profile } from '../protocol/entities.ts';
import type { Failure } from '../protocol/errors.ts';
import type { BeginUpload, FinishUpload, UploadState } from '../protocol/files.ts';
import { codeOf, mayRetry, RequestFailed } from './failed.ts';
import { systemClock, systemRandom } from './platform.ts';
import { baseOf, type Place } from './session.ts';

export interface Upload extends Place {
  readonly token?: string | null;
  /** Of the message that will carry it. */
  readonly conversation: string;
  readonly content: Blob;
  readonly name: string;
  /** A file, byte by byte, when it is left out. A picture is drawn anew by the server and says nothing of where and when. */
  readonly as?: FinishUpload['as'];
  /** The key of an upload that was broken off, with the same content, goes on with it for a day. */
  readonly key?: string;
  /** How many bytes are safe on the server. */
  readonly progress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
  /** Those of the machine when they are left out. */
  readonly clock?: Clock;
  readonly random?: Random;
}

const PART_BYTES = 512 * 1024;
const SLOW_PART_BYTES = 64 * 1024;
/** Failures in a row, without any part in between. */
const TRIES_MAX = 10;
const ANSWER_MS = 60_000;

/**
 * Resolves with what `send` takes in `files`, within a day. Goes on by itself after a cut, for some minutes without any
 * progress; then rejects with `offline`. Else with `file_too_large`, `too_many_uploads`, or, for a picture that the
 * server cannot read, `unreadable_picture`: the same key may then be finished as a file.
 */
export async function uploadFile(upload: Upload): Promise<FileInfo> {
  const { clock = systemClock(), random = systemRandom(), key = random.id(), signal } = upload;
  let tries = 0;
  let reached = -1;
  const progress = (bytes: number) => {
    if (bytes > reached) tries = 0;
    reached = bytes;
    upload.progress?.(bytes);
  };
  const { content } = upload;
  for (;;) {
    try {
      return await uploadOnce({ ...upload, content, bytes: content.size, progress, slow: tries > 0 }, key);
    } catch (error) {
      const code = codeOf(error);
      const passes = code === 'offline' || code === 'wrong_offset' || mayRetry(code);
      if (signal?.aborted || !passes || tries >= TRIES_MAX) throw error;
      const leastMs = error instanceof RequestFailed ? error.retryAfterMs : 0;
      await delay(clock, leastMs + backoff(random, tries++, 200, 30_000));
    }
  }
}

type Once = Omit<Upload, 'content'> & {
  readonly content: Blob | null;
  readonly bytes: number;
  /** The part before did not come through in time: smaller ones may. */
  readonly slow: boolean;
};

/** From where the server has it to its end, or to the first thing that goes wrong. */
export async function uploadOnce(upload: Once, key: string): Promise<FileInfo> {
  const { content, bytes, progress } = upload;
  let state = await begin(upload, key);
  while (!state.file) {
    const { offset } = state;
    progress?.(offset);
    if (offset === bytes) state = await finish(upload, key);
    else if (content) state = await nextPart(upload, content, key, state);
    else throw new RequestFailed({ code: 'file_gone' });
  }
  return state.file;
}

/** Where on the server somebody's picture is, or null: an address that never shows another one. */
export function picturePath({ user, picture }: Pick<Profile, 'user' | 'picture'>): string | null {
  return picture === undefined ? null : `/pictures/${user}/${picture}`;
}

/**
 * Where a group's picture is, or null. Only members get it, so it takes who asks: in a page the cookie of the slot, else the
 * session's token as a bearer.
 */
export function groupPicturePath(at: Place, { id, picture }: { id: string; picture: string | null }): string | null {
  return picture === null ? null : `${baseOf(at)}/pictures/group/${id}/${picture}`;
}

/** Gives an upload up, unless it was sent. */
export async function cancelUpload(at: Place & { readonly token?: string | null; readonly key: string }) {
  await ask(at, 'DELETE', `/api/uploads/${at.key}`);
}

function begin(upload: Once, key: string): Promise<UploadState> {
  const { conversation, name, bytes } = upload;
  const asked: BeginUpload = { key, conversation, name, bytes };
  return ask(upload, 'POST', '/api/uploads', JSON.stringify(asked), 'application/json');
}

async function nextPart(upload: Once, content: Blob, key: string, state: UploadState): Promise<UploadState> {
  const { offset, partBytes } = state;
  const end = offset + Math.min(upload.slow ? SLOW_PART_BYTES : PART_BYTES, partBytes);
  // A file on a disk may have been changed, or be gone.
  const read = await content
    .slice(offset, end)
    .arrayBuffer()
    .catch(() => null);
  if (!read || read.byteLength === 0) throw new RequestFailed({ code: 'file_gone' });
  const part = new Uint8Array(read);
  const path = `/api/uploads/${key}?offset=${offset}&crc=${crc32(part)}`;
  return ask(upload, 'PUT', path, part, 'application/octet-stream');
}

function finish(upload: Once, key: string): Promise<UploadState> {
  const asked: FinishUpload = { as: upload.as ?? 'file' };
  return ask(upload, 'POST', `/api/uploads/${key}/finish`, JSON.stringify(asked), 'application/json');
}

async function ask<T>(
  at: Place & { readonly token?: string | null; readonly signal?: AbortSignal },
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  type?: string,
): Promise<T> {
  const headers: Record<string, string> = {};
  if (at.token) headers['authorization'] = `Bearer ${at.token}`;
  if (type !== undefined) headers['content-type'] = type;
  const late = AbortSignal.timeout(ANSWER_MS);
  const signal = at.signal ? AbortSignal.any([at.signal, late]) : late;
  const init = { method, headers, signal, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(baseOf(at) + path, init).catch(() => {
    throw new RequestFailed({ code: 'offline' });
  });
  const result = (await answer.json().catch(() => ({}))) as T & { error?: Failure };
  if (result.error) throw new RequestFailed(result.error);
  if (!answer.ok) throw new RequestFailed({ code: 'unavailable' });
  return result;
}
