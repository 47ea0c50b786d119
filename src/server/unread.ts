/** How much of a conversation its member has not read, counted anew each time it is asked for. */
import type { Clock } from '../core/clock.ts';
import { type Conversation, maySee } from '../core/conversation.ts';
import { countOlder, countsAsUnread, isMentionTooOld, UNREAD_CAP, type Unread } from '../core/unread.ts';
import type { Entry } from '../protocol/entities.ts';
import type { Store } from '../store/store.ts';
import type { Annotator } from './annotator.ts';
import { blockedBy } from './blocks.ts';
import { rowsOf } from './entries.ts';
import type { Feeds } from './feeds.ts';
import type { NodePorts } from './ports.ts';

/** Headers of messages that are looked at; where that is not enough, there are more than are counted. */
const HEADERS_MAX = 5_000;
/** Entries that are read at once. */
const RUN = 100;

export class Counter {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #annotator: Annotator;
  readonly #feeds: Feeds;

  constructor({ store, clock }: Pick<NodePorts, 'store' | 'clock'>, annotator: Annotator, feeds: Feeds) {
    this.#store = store;
    this.#clock = clock;
    this.#annotator = annotator;
    this.#feeds = feeds;
  }

  /**
   * From message to message, the newest first: each header names the one before, so that what is no message is passed
   * over. What is done to a message, or hidden, is looked up only where there is something to count.
   */
  async count(state: Conversation, user: string, read: number): Promise<Unread> {
    let count: Unread = { unread: 0 };
    let hidden: ReadonlySet<number> | undefined;
    let blocked: ReadonlyMap<string, number> | undefined;
    let looked = 0;
    for (let seq = state.lastMessage; seq > read && count.unread < UNREAD_CAP; ) {
      if (looked >= HEADERS_MAX) return { unread: UNREAD_CAP };
      const rows = await rowsOf(this.#store, state.id, Math.max(read + 1, seq - RUN + 1), seq);
      const entries = rows.map(({ header }) => JSON.parse(header) as Entry);
      const oldest = entries[0];
      if (!oldest) break;
      looked += entries.filter(({ kind }) => kind === 'message').length;
      const seen = entries.filter((entry) => maySee(state, user, entry.seq));
      const now = this.#clock.now();
      if (seen.some((entry) => countsAsUnread(entry, { user, now }))) {
        hidden ??= await this.#feeds.hidden(user, state.id);
        blocked ??= await blockedBy(this.#store, user);
        const gone = await this.#annotator.gone(state.id, oldest.seq, seq);
        count = countOlder(count, seen, { user, now, hidden, blocked, gone });
      }
      seq = Math.min(oldest.seq - 1, oldest.lastMessage);
    }
    return isMentionTooOld({ ...count, head: state.head }) ? { unread: count.unread } : count;
  }
}
