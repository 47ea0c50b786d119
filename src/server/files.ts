/** Fetching the files of messages, by addresses that are for one person and for a time. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { maySee } from '../core/conversation.ts';
import { isExpired, mustEnd } from '../core/lifetime.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { goneIn } from './annotations.ts';
import { FORMS, type Form, keyOf, messageOf, type StoredFile, storedFile } from './attachments.ts';
import type { Conversations } from './conversations.ts';
import { Failed } from './failed.ts';
import { madeOnce } from './made-once.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';
import type { Uploads } from './uploads.ts';

export interface Fetched {
  readonly bytes: number;
  readonly isPicture: boolean;
  read(from: number, to: number): Promise<ReadableStream<Uint8Array> | null>;
}

/** Addresses are the same within one such time, so that browsers keep what they have, and are good to the end of the next. */
const ADDRESS_MS = 6 * 3_600_000;

export class Files {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #uploads: Uploads;
  #secret: Promise<string> | null = null;

  constructor(ports: NodePorts, conversations: Conversations, uploads: Uploads) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#uploads = uploads;
  }

  async addresses(session: Session, { conversation, files }: Request<'addresses'>): Promise<Result<'addresses'>> {
    const state = await this.#conversations.stateFor(session, conversation);
    const until = (Math.floor(this.#ports.clock.now() / ADDRESS_MS) + 2) * ADDRESS_MS;
    const addresses: Result<'addresses'>['addresses'] = [];
    const missing: string[] = [];
    for (const id of files) {
      const stored = await this.#seen(session.user, state.id, id);
      if (!stored) {
        missing.push(id);
        continue;
      }
      const forms = stored.info.width === undefined ? (['file'] as const) : FORMS;
      const paths = await Promise.all(
        forms.map(async (form) => [form, await this.#path(session.user, conversation, id, form, until)] as const),
      );
      addresses.push({ id, ...(Object.fromEntries(paths) as { file: string }) });
    }
    return { addresses, until, missing };
  }

  /** Rejects with `not_found` where one may not see all of them, or may not write where they are to go. */
  async forward(session: Session, { key, from, to, files }: Request<'forwardFiles'>): Promise<Result<'forwardFiles'>> {
    await this.#conversations.stateFor(session, from);
    const sources = await Promise.all(files.map((id) => this.#seen(session.user, from, id)));
    const found = sources.filter((source) => source !== null);
    if (found.length < files.length) throw new Failed('not_found');
    const infos = found.map(({ info }) => info);
    return { files: await this.#uploads.copy(session, { key, from, to }, infos) };
  }

  /** What an address leads to, for whom it was made and as long as they may see the message; null for everything else. */
  async fetch(path: {
    conversation: string;
    id: string;
    form: string;
    user: string;
    until: number;
    sign: string;
  }): Promise<Fetched | null> {
    const { conversation, id, user, until } = path;
    const form = FORMS.find((one) => one === path.form);
    if (!form || !Number.isSafeInteger(until) || until <= this.#ports.clock.now()) return null;
    const wanted = Buffer.from(await this.#sign(user, conversation, id, form, until));
    const given = Buffer.from(path.sign);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const stored = await this.#seen(user, conversation, id);
    const { media } = this.#ports;
    const key = keyOf(conversation, id, form === 'file' && stored?.info.width !== undefined ? 'large' : form);
    const bytes = stored ? await media.size(key) : null;
    if (!stored || bytes === null) return null;
    return {
      bytes,
      isPicture: stored.info.width !== undefined && form !== 'file',
      read: (from, to) => media.read(key, from, to),
    };
  }

  /** The file, if it belongs to a message that this user may see now. */
  async #seen(user: string, conversation: string, id: string): Promise<StoredFile | null> {
    const { store, clock } = this.#ports;
    const state = await this.#conversations.state(conversation);
    const recent = this.#conversations.recent(conversation);
    const seq = await messageOf(store, recent, conversation, id);
    if (seq === null || !maySee(state, user, seq)) return null;
    if (mustEnd(state, clock.now()) || state.keeping.ended !== null) return null;
    if ((await goneIn(store, recent, conversation, seq, seq)).has(seq)) return null;
    const row = (await store.read(`c/${conversation}`, seq, 1)).rows[0];
    if (row?.seq !== seq || isExpired(JSON.parse(row.header), clock.now())) return null;
    return storedFile(store, conversation, id);
  }

  async #path(user: string, conversation: string, id: string, form: Form, until: number): Promise<string> {
    return `/media/${conversation}/${id}/${form}/${user}/${until}/${await this.#sign(user, conversation, id, form, until)}`;
  }

  async #sign(...parts: readonly (string | number)[]): Promise<string> {
    const { store, random } = this.#ports;
    // Whoever knows it can make addresses.
    this.#secret ??= madeOnce(store, 'media', () => random.id() + random.id()).catch((error) => {
      this.#secret = null;
      throw error;
    });
    return createHmac('sha256', await this.#secret)
      .update(parts.join(' '))
      .digest('base64url');
  }
}
