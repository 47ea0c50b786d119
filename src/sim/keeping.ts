/** What may not stand in a log, nor be told of it, because of how long things stay. */
import type { Found } from '../check/checker.ts';
import type { Entry } from '../protocol/entities.ts';
import type { KeyedRegister } from '../store/store.ts';
import type { KnownLog, Ledger } from './ledger.ts';

/** What may stand there, before it is learnt. */
export function checkKeeping(id: string, known: KnownLog, entry: Entry, found: Found): void {
  const { keeping } = known;
  const { lifetime } = keeping;
  const { seq, kind, at } = entry;
  const wrong = (what: string) => found('intruded', `${id}: ${seq} (${kind}) ${what}`);
  const isOver = keeping.until !== null && keeping.until <= at;
  if (keeping.ended > 0) wrong('stands after the end');
  else if (kind === 'ended' && !isOver && (lifetime.kind !== 'whole' || known.memberCount > 0)) wrong('ends too early');
  else if (kind !== 'ended' && isOver) wrong('was written after its time was over');
  if (kind === 'message') {
    const timer = lifetime.kind === 'timer' ? lifetime : null;
    const expires = timer && !timer.after ? at + timer.seconds * 1_000 : undefined;
    const lasts = timer?.after ? timer.seconds : undefined;
    if (entry.expires !== expires || entry.lasts !== lasts) {
      wrong(`goes at ${entry.expires} or after ${entry.lasts} s, not at ${expires} or after ${lasts} s`);
    }
  }
  if (kind === 'lifetime' && known.kind !== 'group') {
    if ((entry.lifetime.kind === 'whole') !== (lifetime.kind === 'whole')) wrong('lets what stays end');
  }
  if (kind === 'lifetime' && known.kind !== 'direct' && 'after' in entry.lifetime) wrong('asks who of many has read');
  if ('target' in entry && (keeping.goes.get(entry.target)?.at ?? Number.POSITIVE_INFINITY) <= at) {
    wrong(`is about ${entry.target}, which had gone`);
  }
  if (kind === 'edited' && entry.expires !== keeping.goes.get(entry.target)?.at) {
    wrong(`goes at ${entry.expires}, not with ${entry.target}`);
  }
  if (kind !== 'started') return;
  for (const target of entry.targets) {
    const lasting = keeping.lasting.get(target);
    if (!lasting || lasting.sender === entry.sender) wrong(`begins the time of ${target}, which has none`);
    else if (entry.expires !== at + lasting.seconds * 1_000) wrong(`lets ${target} go at ${entry.expires}`);
  }
}

/** Whoever is said to have read a message that goes after that has begun its time. */
export function checkBegun(ledger: Ledger, partition: string, { key, stamp }: KeyedRegister, found: Found): void {
  const [kind, id = ''] = partition.split('/');
  const isShown = kind === 'marks' && key.endsWith('/r');
  if (!isShown && kind !== 'reads') return;
  const [conversation, user] = isShown ? [id, key.slice(0, -2)] : [key, id];
  const { keeping, deleted } = ledger.log(conversation);
  for (const [seq, { sender }] of keeping.lasting) {
    if (seq > stamp || sender === user || keeping.goes.has(seq) || deleted.has(seq)) continue;
    found('skipped', `${conversation}: ${user} has read ${seq}, and its time does not begin`);
  }
}

/** What was known when somebody asked: the deletions acknowledged, the entries learnt, and the server's clock. */
export interface Moment {
  readonly deletions: number;
  readonly learnt: number;
  /** null where the clock was put meanwhile. */
  readonly by: number | null;
}

/** Nothing is told that had gone before it was asked for, or, of what says so itself, before it is pushed. */
export function checkTold(
  log: KnownLog,
  where: string,
  entries: readonly Entry[],
  by: number | null,
  learnt: number | null,
  found: Found,
): void {
  if (by === null) return;
  const { keeping } = log;
  const { until } = keeping;
  const isOver = until !== null && until <= by && (learnt === null || keeping.since <= learnt);
  for (const entry of entries) {
    // What brings the end nearer is pushed, whatever the clock says.
    const isNews = learnt === null && entry.seq <= keeping.chosenAt;
    if (isOver && entry.kind !== 'ended' && !isNews) found('resurrected', `${entry.seq} of ${where}, after its end`);
    if (!('body' in entry) || entry.body === null) continue;
    const going = keeping.goes.get(entry.kind === 'edited' ? entry.target : entry.seq);
    if (!going || going.at > by) continue;
    if (going.learnt === null || (learnt !== null && going.learnt <= learnt)) {
      found('resurrected', `the words of ${entry.seq} of ${where}, gone ${by - going.at} ms before`);
    }
  }
}
