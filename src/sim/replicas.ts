/** Whether what a device has stored, at any moment, is a state that it may be in. */
import type { Found } from '../check/checker.ts';
import type { Held } from '../client/held.ts';
import type { HeldSetting } from '../client/settings.ts';
import type { Storage } from '../client/storage/storage.ts';
import type { Entry, FeedEntry, Position } from '../protocol/entities.ts';
import type { KnownLog, Ledger } from './ledger.ts';

const ALL = 1_000_000;
/** Stamps of settings hold the epoch above these bits. */
const EPOCH_STAMP = 2 ** 40;

interface Stored {
  readonly held: ReadonlyMap<string, Pick<Held, 'summary' | 'member' | 'stamp' | 'ranges'>>;
  readonly settings: ReadonlyMap<string, HeldSetting>;
  readonly position: Position | null;
  /** Whether the list of conversations is complete. */
  readonly listed: boolean;
}

export async function checkReplica(
  device: string,
  user: string,
  storage: Storage,
  ledger: Ledger,
  found: Found,
): Promise<void> {
  // All asked for in one turn: a state that storage was in.
  const [position, list, held, entries, settings] = await Promise.all([
    storage.get('m/position') as Promise<Position | undefined>,
    storage.get('m/list') as Promise<string | null | undefined>,
    storage.range('c/', 'c0', ALL),
    storage.range('e/', 'e0', ALL),
    storage.range('s/', 's0', ALL),
  ]);
  const stored = {
    held: new Map(held.map(({ key, value }) => [key.slice(2), value as Held])),
    settings: new Map(settings.map(({ key, value }) => [key.slice(2), value as HeldSetting])),
    position: position ?? null,
    listed: list === null,
  };
  checkEntries(device, user, stored, entries, ledger, found);
  checkPosition(device, user, stored, ledger, found);
}

/** Each entry is what the log has there; of each range that is held all is held that the user may see. */
function checkEntries(
  device: string,
  user: string,
  { held }: Stored,
  rows: readonly { key: string; value: unknown }[],
  ledger: Ledger,
  found: Found,
): void {
  const seqs = new Map<string, Set<number>>();
  for (const { key, value } of rows) {
    const conversation = key.split('/')[1]!;
    const entry = value as Entry;
    const log = ledger.log(conversation);
    const there = log.entries[entry.seq - 1];
    if (!there || there.key !== entry.key || there.sender !== entry.sender) {
      found('diverged', `${device} holds ${entry.key} at ${entry.seq} of ${conversation}, which the log does not`);
    } else if (!log.maySee(user, entry.seq)) {
      found('resurrected', `${device} holds ${entry.seq} of ${conversation}, written while it was no member`);
    }
    seqs.set(conversation, (seqs.get(conversation) ?? new Set()).add(entry.seq));
  }
  for (const [id, { summary, ranges }] of held) {
    const log = ledger.log(id);
    for (const { from, to } of ranges) {
      if (to > summary.head) found('diverged', `${device} holds ${id} up to ${to}, above its head ${summary.head}`);
      // Of what is over nothing is there, wherever one looks.
      if (log.keeping.until !== null || log.keeping.ended > 0) continue;
      for (let seq = from; seq <= to; seq++) {
        if (log.maySee(user, seq) && !seqs.get(id)?.has(seq)) {
          found('skipped', `${device} takes ${seq} of ${id} for held and has it not`);
        }
      }
    }
  }
}

/** With the position at F, all that the feed says up to F has been heeded. */
function checkPosition(device: string, user: string, stored: Stored, ledger: Ledger, found: Found): void {
  const { position, settings } = stored;
  if (!position || position.epoch !== ledger.epoch) return;
  const feed = ledger.feed(user).entries.slice(0, position.seq);
  if (feed.length < position.seq) {
    found('skipped', `${device} is at ${position.seq} of a feed that ends at ${feed.length}`);
  }
  for (const entry of newestOf(feed)) {
    if (entry.kind === 'set') {
      if ((settings.get(entry.key)?.stamp ?? 0) % EPOCH_STAMP < entry.seq) {
        found('skipped', `${device} is at ${position.seq} without ${entry.key} of ${entry.seq}`);
      }
    } else {
      const what = unheeded(entry, user, stored, ledger.log(entry.conversation));
      if (what)
        found('skipped', `${device} is at ${position.seq}; ${entry.seq} says ${JSON.stringify(entry)}, ${what}`);
    }
  }
}

/** What is wrong, if the entry was not heeded. Of what one has left meanwhile nothing is owed. */
function unheeded(
  entry: Exclude<FeedEntry, { kind: 'set' }>,
  user: string,
  { held, listed }: Stored,
  log: KnownLog,
): string | null {
  const conversation = held.get(entry.conversation);
  const owed = entry.kind === 'left' || !log.leftAfter(user, placeOf(entry));
  if (!conversation) {
    // A read mark may come before one hears of having joined; the summary then holds it.
    const needless = entry.kind === 'left' || entry.kind === 'read';
    return needless || !listed || !owed ? null : 'it knows nothing of it';
  }
  const { member, summary, stamp } = conversation;
  switch (entry.kind) {
    case 'advance':
      return !owed || summary.head >= entry.to ? null : `it holds it up to ${summary.head}`;
    case 'joined':
      // A change of role makes one as well; it is the last coming that counts.
      return !owed || stamp >= (log.lastTurn(user, entry.since)?.seq ?? 0) ? null : `its membership is of ${stamp}`;
    case 'left':
      return !member || stamp > entry.to ? null : 'it is a member';
    case 'read':
      return !owed || summary.read >= entry.to ? null : `it has read ${summary.read}`;
  }
}

/** Of each subject the newest or the furthest. */
function newestOf(entries: readonly FeedEntry[]): Iterable<FeedEntry> {
  const newest = new Map<string, FeedEntry>();
  for (const entry of entries) {
    const subject = `${entry.kind} ${entry.kind === 'set' ? entry.key : entry.conversation}`;
    const old = newest.get(subject);
    if (!old || placeOf(entry) >= placeOf(old)) newest.set(subject, entry);
  }
  return newest.values();
}

function placeOf(entry: FeedEntry): number {
  if (entry.kind === 'set') return entry.seq;
  return entry.kind === 'joined' ? entry.since : entry.to;
}
