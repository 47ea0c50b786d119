/** How long things stay, as one log says it, in a plain form of its own. */
import type { Entry, Lifetime } from '../protocol/entities.ts';

/** When every seed's clock begins: within its first act an hour ends, and what had to go in it is erased. */
export const BEGINNING = 472_223 * 3_600_000 - 25_000;
/** The end of that hour. */
export const HOUR_END = BEGINNING + 25_000;

interface Going {
  readonly at: number;
  /** Known to everybody from the message itself; else said by a later entry, the so many-th that was learnt. */
  readonly learnt: number | null;
}

export class KnownKeeping {
  lifetime: Lifetime = { kind: 'always' };
  /** Which entry, of all that were learnt, said so. */
  since = 0;
  /** Its seq. */
  chosenAt = 0;
  /** The seq of the entry `ended`; 0 while there is none. */
  ended = 0;
  readonly goes = new Map<number, Going>();
  /** Messages that go once the other one has read them: who wrote them, and how long they stay then. */
  readonly lasting = new Map<number, { readonly sender: string; readonly seconds: number }>();

  add(entry: Entry, learnt: number): void {
    const chosen = entry.kind === 'created' || entry.kind === 'lifetime' ? entry.lifetime : undefined;
    if (chosen) [this.lifetime, this.since, this.chosenAt] = [chosen, learnt, entry.seq];
    if (entry.kind === 'ended') this.ended = entry.seq;
    if (entry.kind === 'started') {
      for (const target of entry.targets) this.goes.set(target, { at: entry.expires, learnt });
    }
    if (entry.kind !== 'message') return;
    if (entry.expires !== undefined) this.goes.set(entry.seq, { at: entry.expires, learnt: null });
    if (entry.lasts !== undefined) this.lasting.set(entry.seq, { sender: entry.sender, seconds: entry.lasts });
  }

  /** When it is over, as its log says; null while that is not decided. */
  get until(): number | null {
    return this.lifetime.kind === 'whole' ? (this.lifetime.until ?? null) : null;
  }
}
