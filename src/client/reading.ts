/** One's own read marks and the unread numbers that follow from them. */
import { countsAsUnread, UNREAD_CAP } from '../core/inbox.ts';
import { rangeAt } from '../core/ranges.ts';
import type { Marks } from './marks.ts';
import type { Held, Replica } from './replica.ts';

export class Reading {
  readonly #replica: Replica;
  readonly #marks: Marks;
  readonly #fetchSummary: (conversation: string) => Promise<void>;

  constructor(replica: Replica, marks: Marks, fetchSummary: (conversation: string) => Promise<void>) {
    this.#replica = replica;
    this.#marks = marks;
    this.#fetchSummary = fetchSummary;
  }

  /** The user has read up to there on this device. */
  read(conversation: string, seq: number): void {
    const held = this.#replica.conversations.get(conversation);
    if (!held?.member) return;
    const read = Math.min(seq, held.summary.head);
    if (read <= held.summary.read) return;
    this.#raise(held, read, read);
    this.#marks.owe(conversation, { read });
  }

  /** Another device of the user has. */
  readElsewhere(conversation: string, seq: number): void {
    const held = this.#replica.conversations.get(conversation);
    if (held && seq > held.summary.read) this.#raise(held, seq, held.readOwed);
  }

  answered(conversation: string, read: number): void {
    const held = this.#replica.conversations.get(conversation);
    if (!held) return;
    if (held.readOwed > 0 && read >= held.readOwed) this.#replica.save(conversation, { ...held, readOwed: 0 });
    this.readElsewhere(conversation, read);
  }

  /** What an earlier run had not got an answer for. */
  resume(): void {
    for (const [id, held] of this.#replica.conversations) {
      if (!held.member) continue;
      if (held.readOwed > 0) this.#marks.owe(id, { read: held.readOwed });
      this.delivered(id);
    }
  }

  /** Reports as delivered what is durable here, when others wrote it. */
  delivered(conversation: string): void {
    const held = this.#replica.conversations.get(conversation);
    if (!held?.member || held.summary.kind === 'self') return;
    const { last, head } = held.summary;
    if (!last || last.sender === this.#replica.user || !rangeAt(held.ranges, last.seq)) return;
    const own = held.marks.get(this.#replica.user)?.delivered ?? 0;
    if (last.seq > Math.max(own, held.summary.read))
      this.#marks.owe(conversation, { delivered: Math.min(last.seq, head) });
  }

  #raise(held: Held, read: number, readOwed: number): void {
    const { summary } = held;
    const { id } = summary;
    const none = read >= (summary.last?.seq ?? 0);
    this.#replica.save(id, { ...held, summary: { ...summary, read, unread: none ? 0 : summary.unread }, readOwed });
    if (!none) this.#recount(this.#replica.conversations.get(id) ?? held);
  }

  #recount(held: Held): void {
    const { id, read } = held.summary;
    if (isHeldAboveRead(held)) void this.#count(id, read);
    else void this.#fetchSummary(id).catch(() => {});
  }

  async #count(id: string, read: number): Promise<void> {
    const head = this.#replica.conversations.get(id)?.summary.head ?? 0;
    // Entries are read from storage, and may still be on their way there.
    await this.#replica.flushed();
    const entries = await this.#replica.entries(id, read + 1, head, UNREAD_CAP * 2, false);
    const held = this.#replica.conversations.get(id);
    if (!held || held.summary.read !== read) return;
    if (held.summary.head !== head) return this.#count(id, read);
    const unread = entries.filter((entry) => countsAsUnread(entry, this.#replica.user)).length;
    this.#replica.save(id, { ...held, summary: { ...held.summary, unread: Math.min(UNREAD_CAP, unread) } });
  }
}

/** Whether all entries above the own read mark are on this device. */
function isHeldAboveRead({ summary, ranges }: Held): boolean {
  return rangeAt(ranges, summary.read + 1) === rangeAt(ranges, summary.head);
}
