/**
 * Uploads in parts. What a part's answer says is on disk; a part that comes twice, or a finish, changes nothing the
 * second time. What is not sent with a message within a day goes.
 */
import { createHash } from 'node:crypto';
import { roleOf } from '../core/conversation.ts';
import { crc32 } from '../core/crc32.ts';
import { cleanFileName, extensionOf } from '../core/file-name.ts';
import { isUnanswered } from '../core/request.ts';
import { MediaUnavailable, SIZES } from '../media/media.ts';
import type { FileInfo } from '../protocol/entities.ts';
import type { BeginUpload, FinishUpload, UploadState } from '../protocol/files.ts';
import { idOf } from '../protocol/ids.ts';
import { PART_BYTES_MAX, PART_BYTES_MIN, UPLOAD_KEPT_MS } from '../protocol/limits.ts';
import { eraseFile, keyOf, messageOf, type StoredFile, storedFile } from './attachments.ts';
import type { Conversations } from './conversations.ts';
import { tidyLater } from './erasure.ts';
import { Failed } from './failed.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

interface Upload {
  readonly conversation: string;
  readonly name: string;
  readonly bytes: number;
  readonly at: number;
  /** In their order; each begins where the one before ends. */
  readonly parts: readonly { readonly bytes: number; readonly crc: number }[];
  readonly file: FileInfo | null;
}

const PAGE = 500;

interface Versioned {
  readonly upload: Upload;
  readonly version: number;
}

export class Uploads {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  /** Finishes that are under way, by user and key. */
  readonly #finishing = new Map<string, Promise<UploadState>>();

  constructor(ports: NodePorts, conversations: Conversations) {
    this.#ports = ports;
    this.#conversations = conversations;
  }

  async begin(session: Session, asked: BeginUpload): Promise<UploadState> {
    const { user } = session;
    const { store, clock, limits } = this.#ports;
    const { key, conversation, bytes } = asked;
    await this.#mayWrite(user, conversation);
    const known = await this.#find(user, key);
    const name = cleanFileName(asked.name);
    if (known) {
      const { upload } = known;
      if (upload.conversation !== conversation || upload.name !== name || upload.bytes !== bytes) {
        throw new Failed('key_reused');
      }
      return stateOf(upload);
    }
    if (bytes > limits.fileBytes) throw new Failed('file_too_large');
    await this.#mustHaveRoom(user, bytes);
    const at = clock.now();
    const upload: Upload = { conversation, name, bytes, at, parts: [], file: null };
    // Before there is anything to be taken away.
    await store.schedule(at + UPLOAD_KEPT_MS, `upload ${user} ${key}`);
    if (!(await this.#put(user, key, upload, 0))) return this.begin(session, asked);
    return stateOf(upload);
  }

  async state({ user }: Session, key: string): Promise<UploadState> {
    return stateOf((await this.#own(user, key)).upload);
  }

  /** Rejects with `damaged` where the bytes are not those of the sum, `wrong_offset` where the part is not the next one. */
  async part(session: Session, key: string, { offset, crc }: { offset: number; crc: number }, bytes: Uint8Array) {
    const { user } = session;
    const { upload, version } = await this.#own(user, key);
    if (crc32(bytes) !== crc) throw new Failed('damaged');
    const [at, end] = [offsetOf(upload), offset + bytes.length];
    if (isPart(upload, offset, bytes.length, crc)) return stateOf(upload);
    if (offset !== at || upload.file) throw new Failed('wrong_offset');
    if (bytes.length === 0 || bytes.length > PART_BYTES_MAX || end > upload.bytes)
      throw new Failed('bad_frame', { path: '' });
    if (end < upload.bytes && bytes.length < PART_BYTES_MIN) throw new Failed('bad_frame', { path: '' });
    await this.#ports.media.put(partKey(user, key, offset, crc), bytes, bytes.length);
    const next = { ...upload, parts: [...upload.parts, { bytes: bytes.length, crc }] };
    if (!(await this.#put(user, key, next, version))) throw new Failed('wrong_offset');
    return stateOf(next);
  }

  /** Rejects with `unreadable_picture` for what cannot be shown as one; it can still be finished as a file. */
  finish({ user }: Session, key: string, { as }: FinishUpload): Promise<UploadState> {
    const name = `${user} ${key}`;
    const running = this.#finishing.get(name);
    if (running) return running;
    const finishing = this.#finish(user, key, as).finally(() => this.#finishing.delete(name));
    this.#finishing.set(name, finishing);
    return finishing;
  }

  /** Nothing when there is none, or when it was sent. */
  async cancel({ user }: Session, key: string): Promise<void> {
    await this.#end(user, key);
  }

  /** What is due of an upload a day after it began. */
  async expire(item: string): Promise<void> {
    const [, user = '', key = ''] = item.split(' ');
    await this.#end(user, key);
  }

  /** Files that are there already, as if each had been uploaded to `to` under a key that follows from this one. */
  async copy(
    { user }: Session,
    { key, from, to }: { key: string; from: string; to: string },
    files: readonly FileInfo[],
  ): Promise<FileInfo[]> {
    await this.#mayWrite(user, to);
    const copies: FileInfo[] = [];
    for (const file of files) copies.push(await this.#copy(user, key, from, to, file));
    return copies;
  }

  async #copy(user: string, key: string, from: string, to: string, info: FileInfo): Promise<FileInfo> {
    const { store, media, clock, hash } = this.#ports;
    const own = idOf(hash(`copy ${user} ${key} ${from} ${info.id}`));
    const file = { ...info, id: idOf(hash(`file ${to} ${user} ${own}`)) };
    const known = await this.#find(user, own);
    if (known && known.upload.conversation !== to) throw new Failed('key_reused');
    const recent = this.#conversations.recent(to);
    if (await storedFile(store, to, file.id)) return file;
    // It was sent before, and has gone with its message since.
    if ((await messageOf(store, recent, to, file.id)) !== null) throw new Failed('file_gone');
    const at = known?.upload.at ?? clock.now();
    if (!known) {
      await this.#mustHaveRoom(user, info.bytes);
      await store.schedule(at + UPLOAD_KEPT_MS, `upload ${user} ${own}`);
      // By it, what is not sent is found and goes.
      const upload = { conversation: to, name: info.name, bytes: info.bytes, at, parts: [], file };
      if (!(await this.#put(user, own, upload, 0))) return this.#copy(user, key, from, to, info);
    }
    for (const form of info.width === undefined ? (['file'] as const) : SIZES) {
      if (!(await media.copy(keyOf(from, info.id, form), keyOf(to, file.id, form)))) throw new Failed('file_gone');
    }
    await this.#keep(to, file.id, { user, info: file, at, upload: own });
    return file;
  }

  async #end(user: string, key: string): Promise<void> {
    const { store, media } = this.#ports;
    const known = await this.#find(user, key);
    if (!known) return this.#dropParts(user, key);
    const { upload, version } = known;
    const { conversation } = upload;
    // A finish that was cut off has left bytes that no record names; what they would be called follows from the parts.
    const isWhole = upload.file === null && offsetOf(upload) === upload.bytes;
    const id = upload.file?.id ?? (isWhole ? await this.#idOf(user, key, upload).catch(() => null) : null);
    if (id !== null) {
      await this.#conversations.stateNow(conversation);
      const recent = this.#conversations.recent(conversation);
      const sent = await messageOf(store, recent, conversation, id);
      if (sent === null) await eraseFile(store, media, conversation, id);
    }
    await tidyLater(this.#ports);
    // Once it is gone a finish that is under way keeps nothing; while it is not, this comes again.
    await store.deleteRecord(`uploads/${user}`, key, version);
    await this.#dropParts(user, key);
  }

  async #finish(user: string, key: string, as: FinishUpload['as']): Promise<UploadState> {
    const { upload, version } = await this.#own(user, key);
    await this.#mayWrite(user, upload.conversation);
    if (upload.file) return stateOf(upload);
    if (offsetOf(upload) < upload.bytes) throw new Failed('wrong_offset');
    const id = await this.#idOf(user, key, upload);
    await this.#mustBeNew(upload.conversation, id);
    const file = await (as === 'picture' ? this.#picture(user, key, upload, id) : this.#file(user, key, upload, id));
    await this.#keep(upload.conversation, id, { user, info: file, at: upload.at, upload: key });
    const finished = { ...upload, file };
    if (!(await this.#put(user, key, finished, version))) {
      // Given up meanwhile.
      if (!(await this.#find(user, key)))
        await eraseFile(this.#ports.store, this.#ports.media, upload.conversation, id);
      throw new Failed('unknown_outcome', { retryAfterMs: 200 });
    }
    await this.#dropParts(user, key);
    return stateOf({ ...finished });
  }

  /** What was sent, and has gone with its message since, does not come back. */
  async #mustBeNew(conversation: string, id: string): Promise<void> {
    const { store } = this.#ports;
    if (await storedFile(store, conversation, id)) return;
    const sent = await messageOf(store, this.#conversations.recent(conversation), conversation, id);
    if (sent !== null) throw new Failed('file_gone');
  }

  async #file(user: string, key: string, upload: Upload, id: string): Promise<FileInfo> {
    const { conversation, name, bytes } = upload;
    await this.#ports.media.put(keyOf(conversation, id, 'file'), this.#content(user, key, upload), bytes);
    return { id, name, bytes };
  }

  async #picture(user: string, key: string, upload: Upload, id: string): Promise<FileInfo> {
    const { media, pictures } = this.#ports;
    const picture = await pictures.read(this.#content(user, key, upload), upload.bytes);
    if (!picture) throw new Failed('unreadable_picture');
    for (const size of SIZES) {
      const bytes = picture.sizes[size];
      await media.put(keyOf(upload.conversation, id, size), bytes, bytes.length);
    }
    const { width, height, placeholder, sizes } = picture;
    const stem = upload.name.slice(0, upload.name.length - extensionOf(upload.name).length);
    return { id, name: cleanFileName(`${stem}.webp`), bytes: sizes.large.length, width, height, placeholder };
  }

  async *#content(user: string, key: string, { parts }: Upload): AsyncGenerator<Uint8Array> {
    let offset = 0;
    for (const { bytes, crc } of parts) {
      const part = await this.#ports.media.read(partKey(user, key, offset, crc));
      if (!part) throw new MediaUnavailable('A part of an upload is not there.', 'failed');
      yield* part;
      offset += bytes;
    }
  }

  async #idOf(user: string, key: string, upload: Upload): Promise<string> {
    const digest = createHash('sha256');
    for await (const piece of this.#content(user, key, upload)) digest.update(piece);
    return idOf(this.#ports.hash(`file ${upload.conversation} ${user} ${key} ${digest.digest('hex')}`));
  }

  async #keep(conversation: string, id: string, stored: StoredFile): Promise<void> {
    const { store } = this.#ports;
    if (await storedFile(store, conversation, id)) return;
    await store.putRecord(`files/${conversation}`, id, JSON.stringify(stored), 0);
  }

  /** Also those that came to the disk, but not into the record. */
  async #dropParts(user: string, key: string): Promise<void> {
    const { media } = this.#ports;
    for (;;) {
      const keys = await media.list(`uploads/${user}/${key}`, '', PAGE);
      for (const one of keys) await media.delete(one);
      if (keys.length < PAGE) return;
    }
  }

  async #mayWrite(user: string, conversation: string): Promise<void> {
    const state = await this.#conversations.stateNow(conversation);
    if (roleOf(state, user) === null) throw new Failed('not_found');
    if (isUnanswered(state.request)) throw new Failed('not_answered');
  }

  /** What was sent is not counted: the record of its upload is done with. */
  async #mustHaveRoom(user: string, bytes: number): Promise<void> {
    const { store, limits } = this.#ports;
    const records = await store.listRecords(`uploads/${user}`, '', limits.uploads + 1);
    let [count, total] = [0, bytes];
    for (const { key, value, version } of records) {
      const upload = JSON.parse(value) as Upload;
      const { file, conversation } = upload;
      const recent = this.#conversations.recent(conversation);
      if (file && (await messageOf(store, recent, conversation, file.id)) !== null) {
        await store.deleteRecord(`uploads/${user}`, key, version);
        continue;
      }
      count++;
      total += upload.bytes;
    }
    if (count >= limits.uploads || total > limits.uploadBytes)
      throw new Failed('too_many_uploads', { retryAfterMs: 5_000 });
  }

  async #find(user: string, key: string): Promise<Versioned | null> {
    const record = await this.#ports.store.getRecord(`uploads/${user}`, key);
    return record ? { upload: JSON.parse(record.value) as Upload, version: record.version } : null;
  }

  async #own(user: string, key: string): Promise<Versioned> {
    const known = await this.#find(user, key);
    if (!known) throw new Failed('not_found');
    return known;
  }

  #put(user: string, key: string, upload: Upload, version: number): Promise<boolean> {
    return this.#ports.store.putRecord(`uploads/${user}`, key, JSON.stringify(upload), version);
  }
}

function stateOf(upload: Upload): UploadState {
  return { offset: offsetOf(upload), partBytes: PART_BYTES_MAX, file: upload.file };
}

function offsetOf({ parts }: Upload): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}

/** Whether just this part was taken before. */
function isPart({ parts }: Upload, offset: number, bytes: number, crc: number): boolean {
  let at = 0;
  for (const part of parts) {
    if (at === offset) return part.bytes === bytes && part.crc === crc;
    at += part.bytes;
  }
  return false;
}

/** The sum is in it, so that of two parts that come at once neither takes the other's place. */
function partKey(user: string, key: string, offset: number, crc: number): string {
  return `uploads/${user}/${key}/${offset}-${crc}`;
}
