/**
 * People send files: in parts, through cuts, with steps that come twice or to another server. What was sent is fetched
 * again, byte for byte, and no more once its message is gone.
 */
import type { Found } from '../check/checker.ts';
import { crc32 } from '../core/crc32.ts';
import { PART_BYTES_MIN } from '../protocol/limits.ts';
import { failureOf } from '../server/failed.ts';
import type { ServerNode } from '../server/node.ts';
import type { Ledger } from './ledger.ts';
import type { Network } from './network.ts';
import { idFor } from './people.ts';
import type { Server } from './servers.ts';
import type { SeededRandom } from './time.ts';

interface SentFile {
  readonly conversation: string;
  readonly seq: number;
  readonly id: string;
  readonly content: Uint8Array;
}

type Session = Parameters<ServerNode['execute']>[0];

/** A step is repeated for so long. */
const TRIES_MAX = 30;
const ANSWER_MS = 4_000;

export class UploadingActs {
  /** Messages with files that were acked. */
  readonly sent: SentFile[] = [];
  readonly #names: readonly string[];
  readonly #network: Network;
  readonly #ledger: Ledger;
  readonly #random: SeededRandom;
  readonly #found: Found;
  /** Addresses that somebody was given. */
  readonly #addresses: { readonly file: SentFile; readonly user: string; readonly path: string }[] = [];

  constructor(names: readonly string[], network: Network, ledger: Ledger, random: SeededRandom, found: Found) {
    this.#names = names;
    this.#network = network;
    this.#ledger = ledger;
    this.#random = random;
    this.#found = found;
  }

  act(): void {
    const random = this.#random;
    const user = idFor(random.pick(this.#names));
    const choice = random.next();
    if (choice < 0.45) void this.#send(user);
    else if (this.sent.length > 0 && choice < 0.8) void this.#ask(user, random.pick(this.sent.slice(-4)));
    else if (this.#addresses.length > 0) {
      const { file, user, path } = random.pick(this.#addresses);
      void this.#insist((server) => this.#fetch(server, file, user, path));
    }
  }

  async #send(user: string): Promise<void> {
    const random = this.#random;
    const conversations = [...this.#ledger.logs].filter(([, log]) => log.isMember(user) && !log.isRequest);
    if (conversations.length === 0) return;
    const [conversation] = random.pick(conversations);
    const bytes = random.below(40) + (random.chance(0.4) ? PART_BYTES_MIN * (1 + random.below(2)) : 0);
    const content = new Uint8Array(bytes).fill(random.below(256));
    content.set(Uint8Array.from({ length: Math.min(bytes, 16) }, () => random.below(256)));
    const session = this.#session(user);
    const id = await this.#upload(session, conversation, content);
    if (id === null) return;
    if (random.chance(0.3)) await this.#steal(conversation, user, id);
    const again = random.chance(0.3) ? this.#attach(session, conversation, id, random.id()) : null;
    const seqs = [await this.#attach(session, conversation, id, random.id()), await again].filter(
      (seq) => seq !== null,
    );
    if (seqs.length > 1) this.#found('duplicated', `${id} of ${conversation} is sent as ${seqs.join(' and ')}`);
    for (const seq of seqs) this.sent.push({ conversation, seq, id, content });
  }

  /** Null when it is refused, or nobody answers any more. */
  async #upload(session: Session, conversation: string, content: Uint8Array): Promise<string | null> {
    const key = this.#random.id();
    const asked = { key, conversation, name: 'a.bin', bytes: content.length };
    let state = await this.#insist(({ node }) => node.uploads.begin(session, asked));
    let handedOver = 0;
    while (state && !state.file) {
      const { offset } = state;
      if (offset > handedOver) {
        this.#found('duplicated', `${key}: ${offset} bytes have come, ${handedOver} were sent`);
        return null;
      }
      if (offset === content.length) {
        state = await this.#insist(({ node }) => node.uploads.finish(session, key, { as: 'file' }));
        continue;
      }
      const part = content.subarray(offset, offset + PART_BYTES_MIN);
      handedOver = offset + part.length;
      const next = await this.#insist(({ node }) =>
        node.uploads.part(session, key, { offset, crc: crc32(part) }, part),
      );
      // A try before may have been the one that counts.
      state = next ?? (await this.#insist(({ node }) => node.uploads.state(session, key)));
    }
    return state?.file?.id ?? null;
  }

  /** Nobody sends what somebody else has brought. */
  async #steal(conversation: string, owner: string, id: string): Promise<void> {
    const thief = idFor(this.#random.pick(this.#names.filter((name) => idFor(name) !== owner)));
    const seq = await this.#attach(this.#session(thief), conversation, id, this.#random.id());
    if (seq !== null) this.#found('intruded', `${thief} sends ${id}, which ${owner} has brought, as ${seq}`);
  }

  async #attach(session: Session, conversation: string, id: string, key: string): Promise<number | null> {
    const drafts = [{ kind: 'message', key, body: { v: 1, text: `f${key}` }, attachments: [id] }];
    const result = await this.#command(session, { type: 'send', conversation, drafts });
    const [sent] = (result as { results: { seq?: number }[] } | null)?.results ?? [];
    return sent?.seq ?? null;
  }

  async #ask(user: string, file: SentFile): Promise<void> {
    const { conversation, id } = file;
    const result = await this.#command(this.#session(user), { type: 'addresses', conversation, files: [id] });
    const [given] = (result as { addresses: { file: string }[] } | null)?.addresses ?? [];
    if (!given) return;
    if (!this.#ledger.log(conversation).lastTurn(user)) this.#found('intruded', `${user} is told where ${id} is`);
    this.#addresses.push({ file, user, path: given.file });
    await this.#insist((server) => this.#fetch(server, file, user, given.file));
  }

  /** Answers whether it came. */
  async #fetch({ node, clock }: Server, file: SentFile, user: string, path: string): Promise<boolean> {
    const { conversation, seq, id, content } = file;
    const [, , , , form = '', , until, sign = ''] = path.split('/');
    const isOver = this.#isOver(file, clock.now());
    const fetched = await node.files.fetch({ conversation, id, form, user, until: Number(until), sign });
    const stream = await fetched?.read(0, fetched.bytes);
    if (!stream) return false;
    if (isOver && this.#isOver(file, clock.now()))
      this.#found('resurrected', `the file of ${seq} of ${conversation}, gone, is fetched by ${user}`);
    const pieces: Uint8Array[] = [];
    for await (const piece of stream as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
    if (!Buffer.concat(pieces).equals(content))
      this.#found('diverged', `the file of ${seq} of ${conversation} is another`);
    return true;
  }

  /** Whether its message is known to be gone by now. */
  #isOver({ conversation, seq }: SentFile, now: number): boolean {
    const going = this.#ledger.log(conversation).keeping.goes.get(seq);
    if (going && going.learnt === null && going.at <= now) return true;
    return this.#ledger.acked.some((acked) => acked.conversation === conversation && acked.target === seq);
  }

  /** To be called after everything was healed: what stands is there, for whoever may see it, on every server. */
  async standing(servers: readonly Server[]): Promise<void> {
    for (const file of this.sent) {
      const { conversation, seq, id } = file;
      const log = this.#ledger.log(conversation);
      const isGone = log.deleted.has(seq) || log.keeping.goes.has(seq) || log.keeping.lifetime.kind === 'whole';
      const user = this.#names.map(idFor).find((one) => log.isMember(one) && log.maySee(one, seq));
      if (isGone || user === undefined) continue;
      for (const server of servers) {
        const command = { id: 1, type: 'addresses', conversation, files: [id] };
        const reply = await server.node.execute(this.#session(user), command);
        const [given] = 'result' in reply ? (reply.result as { addresses: { file: string }[] }).addresses : [];
        const came = given !== undefined && (await this.#fetch(server, file, user, given.file));
        if (!came) this.#found('lost', `the file of ${seq} of ${conversation} does not come to ${user}`);
      }
    }
  }

  async #command(session: Session, command: object): Promise<unknown> {
    return this.#insist(async ({ node }) => {
      const reply = await node.execute(session, { id: 1, ...command });
      if ('error' in reply && (reply.error.retryAfterMs !== undefined || reply.error.code === 'unknown_outcome'))
        throw new Error(reply.error.code);
      const [first] = 'result' in reply ? ((reply.result as { results?: { code?: string }[] }).results ?? []) : [];
      if (first?.code === 'unknown_outcome' || first?.code === 'unavailable') throw new Error(first.code);
      return 'result' in reply ? reply.result : null;
    });
  }

  /** With whichever server, until it is answered; now and then twice at once. Null when it is refused. */
  async #insist<T>(run: (server: Server) => Promise<T>): Promise<T | null> {
    const { queue, servers } = this.#network;
    const random = this.#random;
    const later = (ms: number) => new Promise<null>((resolve) => void queue.after(ms, () => resolve(null)));
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      await later(random.next() * 300);
      const running = [...servers.running.values()];
      if (running.length === 0) continue;
      if (random.chance(0.15)) run(random.pick(running)).catch(() => {});
      const server = random.pick(running);
      try {
        const answer = await Promise.race([run(server), server.gone.then(() => null), later(ANSWER_MS)]);
        // The answer may be lost on its way.
        if (answer !== null && !random.chance(0.1)) return answer;
      } catch (error) {
        const failure = failureOf(error);
        const isOpen = failure === null || failure.retryAfterMs !== undefined || failure.code === 'unknown_outcome';
        if (!isOpen) return null;
      }
    }
    return null;
  }

  #session(user: string): Session {
    return { user, device: idFor(`${user}/files`) };
  }
}
