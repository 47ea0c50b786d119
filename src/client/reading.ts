/** One's own read and delivered marks. */
import { rangeAt } from '../core/ranges.ts';
import { readUpTo } from './held.ts';
import type { Marks } from './marks.ts';
import type { Replica } from './replica.ts';

export class Reading {
  readonly #replica: Replica;
  readonly #marks: Marks;

  constructor(replica: Replica, marks: Marks) {
    this.#replica = replica;
    this.#marks = marks;
  }

  /** The user has read up to there on this device. */
  async read(conversation: string, seq: number): Promise<void> {
    const held = this.#replica.conversations.get(conversation);
    if (!held?.member) return;
    const read = Math.min(seq, held.summary.head);
    if (read > held.summary.read) {
      this.#replica.save(conversation, { ...readUpTo(held, read), readOwed: read });
      this.#marks.owe(conversation, { read });
    } else if (held.readOwed === 0) return;
    await this.#marks.settled(conversation);
  }

  /** Another device of the user has. */
  readElsewhere(conversation: string, seq: number): void {
    const held = this.#replica.conversations.get(conversation);
    if (held) this.#replica.save(conversation, readUpTo(held, seq));
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
}
