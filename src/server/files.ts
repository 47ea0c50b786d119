/**
 * Fetching the files of messages, by addresses that are good for a time: each for one person, or, where something that keeps
 * them stands before the server, the same for all who may see the message.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { maySee } from '../core/conversation.ts';
import { isExpired, mustEnd } from '../core/lifetime.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { annotatedAt, isGone } from './annotations.ts';
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
  readonly name: string;
  /** For how long it may be kept, and by others than whom it was made for. */
  readonly keepMs: number;
  readonly isShared: boolean;
  read(from: number, to: number): Promise<ReadableStream<Uint8Array> | null>;
}

/** Addresses are the same within one such time, so that what was fetched is not fetched again, and good to the end of the next. */
const OWN_MS = 6 * 3_600_000;
/** These cannot look at who asks: whoever may not see the message any more has those of before for twice as long at most. */
const SHARED_MS = 900_000;
/** Stands where the user does in addresses of one person. */
const ALL = 'all';

interface Seen {
  readonly stored: StoredFile;
  /** It, or its conversation, goes by itself. */
  readonly goes: boolean;
}

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
    const isShared = this.#ports.mediaOrigin !== undefined;
    const slotMs = isShared ? SHARED_MS : OWN_MS;
    const until = (Math.floor(this.#ports.clock.now() / slotMs) + 2) * slotMs;
    const whose = isShared ? ALL : session.user;
    const addresses: Result<'addresses'>['addresses'] = [];
    const missing: string[] = [];
    for (const id of files) {
      const seen = await this.#seen(session.user, state.id, id);
      if (!seen) {
        missing.push(id);
        continue;
      }
      const forms = seen.stored.info.width === undefined ? (['file'] as const) : FORMS;
      const paths = await Promise.all(
        forms.map(async (form) => [form, await this.#address(whose, conversation, id, form, until)] as const),
      );
      addresses.push({ id, ...(Object.fromEntries(paths) as { file: string }) });
    }
    return { addresses, until, missing };
  }

  /** Rejects with `not_found` where one may not see all of them, or may not write where they are to go. */
  async forward(session: Session, { key, from, to, files }: Request<'forwardFiles'>): Promise<Result<'forwardFiles'>> {
    await this.#conversations.stateFor(session, from);
    const sources = await Promise.all(files.map((id) => this.#seen(session.user, from, id)));
    const found = sources.filter((seen) => seen !== null);
    if (found.length < files.length) throw new Failed('not_found');
    const infos = found.map(({ stored }) => stored.info);
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
    const now = this.#ports.clock.now();
    if (!form || !Number.isSafeInteger(until) || until <= now) return null;
    const wanted = Buffer.from(await this.#sign(user, conversation, id, form, until));
    const given = Buffer.from(path.sign);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const isShared = user === ALL;
    const seen = await this.#seen(isShared ? null : user, conversation, id);
    if (!seen) return null;
    const { media } = this.#ports;
    const { info } = seen.stored;
    const key = keyOf(conversation, id, form === 'file' && info.width !== undefined ? 'large' : form);
    const bytes = await media.size(key);
    if (bytes === null) return null;
    return {
      bytes,
      isPicture: info.width !== undefined && form !== 'file',
      name: info.name,
      keepMs: seen.goes ? 0 : until - now,
      isShared,
      read: (from, to) => media.read(key, from, to),
    };
  }

  /** The file, if it belongs to a message that stands, and that this user may see now; null for whoever has its address. */
  async #seen(user: string | null, conversation: string, id: string): Promise<Seen | null> {
    const { store, clock } = this.#ports;
    const state = await this.#conversations.state(conversation);
    const recent = this.#conversations.recent(conversation);
    const seq = await messageOf(store, recent, conversation, id);
    if (seq === null || (user !== null && !maySee(state, user, seq))) return null;
    if (mustEnd(state, clock.now()) || state.keeping.ended !== null) return null;
    if (isGone(await annotatedAt(store, recent, conversation, seq), clock.now())) return null;
    const row = (await store.read(`c/${conversation}`, seq, 1)).rows[0];
    if (row?.seq !== seq) return null;
    const header = JSON.parse(row.header) as { expires?: number };
    if (isExpired(header, clock.now())) return null;
    const stored = await storedFile(store, conversation, id);
    const goes = header.expires !== undefined || state.keeping.lifetime.kind !== 'always';
    return stored && { stored, goes };
  }

  async #address(whose: string, conversation: string, id: string, form: Form, until: number): Promise<string> {
    const sign = await this.#sign(whose, conversation, id, form, until);
    return `${this.#ports.mediaOrigin ?? ''}/media/${conversation}/${id}/${form}/${whose}/${until}/${sign}`;
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
