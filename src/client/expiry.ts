/**
 * Takes what has expired from this device, in the minute in which it does or before anything is shown of it: a device
 * judges by itself, by what it knows of the server's clock, whether it has a connection or not.
 */

import { annotated, byTarget, NOT_ANNOTATED } from '../core/annotations.ts';
import type { Clock } from '../core/clock.ts';
import { endedSummary } from '../core/inbox.ts';
import { endOf, isExpired, withoutExpired } from '../core/lifetime.ts';
import type { MessageEntry } from '../protocol/entities.ts';
import type { Held } from './held.ts';
import type { Replica } from './replica.ts';

/** A difference of the clocks below this is not written down. */
const NOTED_MS = 1_000;
/** The longest that is waited at once: a clock may be put forward meanwhile, and timers have a bound. */
const WAIT_MAX_MS = 60_000;

export class Expiry {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #changed: (conversation: string) => void;
  #cancel = () => {};
  /** What is waited for, by the server's clock. */
  #next = Number.POSITIVE_INFINITY;
  #stopped = false;
  #judging: Promise<void> | null = null;
  /** Conversations of which nothing is held any more. */
  readonly #emptied = new Set<string>();

  constructor(replica: Replica, clock: Clock, changed: (conversation: string) => void) {
    this.#replica = replica;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Judges what is held; to be waited for before anything is shown. */
  async start(): Promise<void> {
    await this.judge();
    this.#replica.annals.onExpiring = (at) => this.#arm(at);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** What the server's clock says, just now. */
  told(at: number): void {
    const offset = at - this.#clock.now();
    const noted = Math.abs(offset - this.#replica.offset) >= NOTED_MS;
    this.#replica.setOffset(offset, noted);
    if (noted) void this.judge();
  }

  judge(): Promise<void> {
    this.#judging ??= this.#judge().finally(() => {
      this.#judging = null;
    });
    return this.#judging;
  }

  async #judge(): Promise<void> {
    const replica = this.#replica;
    const now = replica.now();
    const expired = await replica.annals.expire(now);
    for (const [id, held] of replica.conversations) this.#judgeHeld(id, held, expired.get(id) ?? [], now);
    const [next = Number.POSITIVE_INFINITY] = await replica.annals.expiring();
    this.#next = Number.POSITIVE_INFINITY;
    this.#cancel();
    this.#arm(Math.min(next, ...[...replica.conversations.values()].map(nextOf)));
  }

  #judgeHeld(id: string, held: Held, expired: readonly number[], now: number): void {
    const end = endOf(keepingOf(held), now);
    if (end !== null) {
      if (this.#emptied.has(id) && held.summary.ended !== undefined) return;
      this.#emptied.add(id);
      void this.#replica.annals.empty(id);
      const summary = endedSummary(held.summary, end);
      // Who is in it is asked for all the same.
      const doubt = held.doubt === 'all' ? held.doubt : null;
      this.#replica.save(id, { ...held, summary, ranges: [], stale: null, doubt });
      this.#changed(id);
      return;
    }
    const { read, unread } = held.summary;
    const last = lastOf(held);
    const lastGone = last !== null && isExpired(last, now);
    const unheldGone = (held.summary.unreadUntil ?? Number.POSITIVE_INFINITY) <= now;
    if (expired.length === 0 && !lastGone && !unheldGone) return;
    const { annotations, ...summary } = held.summary;
    if (unheldGone) delete summary.unreadUntil;
    const counted = unread > 0 && (expired.some((seq) => seq > read) || lastGone || unheldGone);
    if (counted) this.#replica.recounts++;
    this.#replica.save(id, {
      ...held,
      summary: lastGone
        ? { ...summary, last: withoutExpired(last, now) }
        : { ...summary, ...(annotations && { annotations }) },
      doubt: counted ? (held.doubt ?? 'unread') : held.doubt,
    });
    this.#changed(id);
  }

  /** Something may go of this conversation earlier than whatever is waited for. */
  noticed(id: string): void {
    const held = this.#replica.conversations.get(id);
    if (!held) return;
    // Its end was moved: what comes until then is to go once more.
    if (held.summary.ended === undefined) this.#emptied.delete(id);
    const isNews = held.summary.ended !== undefined && !this.#emptied.has(id);
    this.#arm(isNews ? 0 : nextOf(held));
  }

  /** Judges at that time of the server's, or at the earlier one that is waited for. */
  #arm(at: number): void {
    if (this.#stopped || at >= this.#next) return;
    this.#next = at;
    this.#cancel();
    const waitMs = Math.min(WAIT_MAX_MS, Math.max(0, at - this.#replica.now()));
    this.#cancel = this.#clock.after(waitMs, () => void this.judge());
  }
}

/** When the next thing goes that the summary tells of; infinite when nothing does. */
function nextOf(held: Held): number {
  const { lifetime, ended, unreadUntil = Number.POSITIVE_INFINITY } = held.summary;
  const end = ended === undefined && lifetime?.kind === 'whole' ? lifetime.until : undefined;
  return Math.min(end ?? Number.POSITIVE_INFINITY, lastOf(held)?.expires ?? Number.POSITIVE_INFINITY, unreadUntil);
}

/** The last message as it stands, while it has words. */
function lastOf({ summary: { last, annotations = [] } }: Held): MessageEntry | null {
  if (last?.kind !== 'message' || last.body === null) return null;
  return annotated(last, byTarget(annotations).get(last.seq) ?? NOT_ANNOTATED);
}

function keepingOf({ summary: { lifetime, ended } }: Held) {
  return { lifetime: lifetime ?? { kind: 'always' as const }, ended: ended ?? null };
}
