import { annotated, byTarget, NOT_ANNOTATED } from '../core/annotations.ts';
import { maySee, roleOf } from '../core/conversation.ts';
import { endOf } from '../core/lifetime.ts';
import { fold, matches, parseQuery, wordsOf } from '../core/search.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Scope, SearchIndex } from '../search/search.ts';
import { Annotator } from './annotator.ts';
import { blockedBy } from './blocks.ts';
import { Buckets } from './bucket.ts';
import type { Conversations } from './conversations.ts';
import { entryOf } from './entries.ts';
import { Failed } from './failed.ts';
import type { Feeds } from './feeds.ts';
import type { Indexing } from './indexing.ts';
import { listAll } from './load.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

type Hit = Result<'search'>['hits'][number];

/** What one types makes several looks a second. */
const LOOKS_PER_SECOND = 10;
const LOOKS_BURST = 40;
const BUCKETS_MAX = 10_000;
/** Looks that may be under way at once, on this server. */
const UNDER_WAY_MAX = 64;
/** Entries that one look indexes when they are not yet, and the pages of the index that it goes through. */
const CATCH_UP_MAX = 2_000;
const ROUNDS_MAX = 4;

/** Finding messages. The index says where to look; whether somebody may see a hit, and as what, is told by the log. */
export class Searches {
  readonly #ports: NodePorts;
  readonly #index: SearchIndex;
  readonly #indexing: Indexing;
  readonly #conversations: Conversations;
  readonly #feeds: Feeds;
  readonly #annotator: Annotator;
  readonly #buckets = new Buckets(LOOKS_PER_SECOND, LOOKS_BURST, BUCKETS_MAX);
  #underWay = 0;

  constructor(ports: NodePorts, conversations: Conversations, feeds: Feeds, indexing: Indexing) {
    this.#ports = ports;
    this.#index = ports.search;
    this.#indexing = indexing;
    this.#conversations = conversations;
    this.#feeds = feeds;
    this.#annotator = new Annotator(ports, conversations);
  }

  async search(session: Session, request: Request<'search'>): Promise<Result<'search'>> {
    const waitMs = this.#buckets.take(session.user, 1, this.#ports.clock.monotonic());
    if (waitMs > 0) throw new Failed('rate_limited', { retryAfterMs: waitMs });
    if (this.#underWay >= UNDER_WAY_MAX) throw new Failed('overloaded', { retryAfterMs: 500 });
    this.#underWay++;
    try {
      return await this.#search(session, request);
    } finally {
      this.#underWay--;
    }
  }

  async #search({ user }: Session, request: Request<'search'>): Promise<Result<'search'>> {
    const { query, conversation, sender, has, from, to, after, limit } = request;
    const place = placeOf(after);
    const scopes = await this.#scopes(user, conversation);
    const complete = await this.#level(scopes);
    const asked = {
      ...{ query, scopes },
      ...(sender === undefined ? {} : { sender }),
      ...(has === undefined ? {} : { has }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
    const hits: Hit[] = [];
    let next: number | null = place;
    for (let round = 0; round < ROUNDS_MAX && hits.length < limit; round++) {
      const page = await this.#index.find({ ...asked, after: next, limit: limit - hits.length });
      hits.push(...(await this.#seen(user, query, page.hits)));
      next = page.next;
      if (next === null) break;
    }
    return { hits, next: next === null ? null : String(next), complete };
  }

  /** What the asker may see, as projected: each hit is made sure of. */
  async #scopes(user: string, conversation: string | undefined): Promise<Scope[]> {
    if (conversation !== undefined) {
      const state = await this.#conversations.stateNow(conversation);
      if (roleOf(state, user) === null) throw new Failed('not_found');
      return [{ conversation, intervals: state.members.get(user)!.intervals }];
    }
    const { store } = this.#ports;
    const inbox = (await listAll(store, `inbox/${user}`)).filter(({ value }) => value !== '');
    const found = await Promise.all(
      inbox.map(async ({ key }): Promise<Scope[]> => {
        const register = await store.getRegister(`members/${key}`, user);
        if (!register) return [];
        const { role, intervals } = JSON.parse(register.value) as { role: string | null } & Pick<Scope, 'intervals'>;
        return role === null ? [] : [{ conversation: key, intervals }];
      }),
    );
    return found.flat();
  }

  /** Whether the index holds all of them. What is new is indexed now, as far as that is soon done. */
  async #level(scopes: readonly Scope[]): Promise<boolean> {
    const ids = scopes.map(({ conversation }) => conversation);
    const [reached, heads] = await Promise.all([
      this.#index.reached(ids),
      Promise.all(ids.map((id) => this.#ports.store.head(`c/${id}`))),
    ]);
    let left = CATCH_UP_MAX;
    let complete = true;
    for (const [i, id] of ids.entries()) {
      if (heads[i]! <= reached[i]!) continue;
      const { level, count } = left > 0 ? await this.#indexing.catchUp(id, left) : { level: false, count: 0 };
      left -= count;
      if (level) continue;
      complete = false;
      this.#indexing.owe(id);
    }
    return complete;
  }

  /** Those of the hits that this user may see now and whose words are still those that were looked for. */
  async #seen(user: string, query: string, found: readonly { conversation: string; seq: number }[]): Promise<Hit[]> {
    const blocked = await blockedBy(this.#ports.store, user);
    const looked = parseQuery(query);
    const now = this.#ports.clock.now();
    const states = new Map(
      await Promise.all(
        [...new Set(found.map(({ conversation }) => conversation))].map(
          async (id) => [id, await this.#conversations.stateNow(id)] as const,
        ),
      ),
    );
    const hits = await Promise.all(
      found.map(async ({ conversation, seq }): Promise<Hit[]> => {
        const state = states.get(conversation)!;
        if (!maySee(state, user, seq) || endOf(state.keeping, now) !== null) return [];
        if ((await this.#feeds.setting(user, settingKey.hide(conversation, seq))) === '1') return [];
        const [row] = (await this.#ports.store.read(`c/${conversation}`, seq, 1)).rows;
        if (row?.seq !== seq) return [];
        const { entries, annotations } = await this.#annotator.part(state, user, [entryOf(row, now)]);
        const [entry] = entries;
        if (entry?.kind !== 'message') return [];
        if (state.kind === 'group' && blocked.has(entry.sender)) return [];
        const { body } = annotated(entry, byTarget(annotations).get(seq) ?? NOT_ANNOTATED);
        if (!body || !matches(looked, fold(wordsOf(body)))) return [];
        return [{ conversation, entry, ...(annotations.length > 0 ? { annotations } : {}) }];
      }),
    );
    return hits.flat();
  }
}

function placeOf(after: string | null): number | null {
  if (after === null) return null;
  if (!/^\d{1,15}$/.test(after)) throw new Failed('bad_frame', { path: '/after' });
  return Number(after);
}
