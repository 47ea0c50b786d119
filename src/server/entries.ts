/** Between entries and rows. A body stays the text that it came as: it is stored and sent, never read. */
import { withoutExpired } from '../core/lifetime.ts';
import type { Entry } from '../protocol/entities.ts';
import { Corrupt, type Row, type Store, type StoredRow } from '../store/store.ts';

/** How the headers of those begin that have a body. */
const WITH_BODY = /^\{"kind":"(?:message|edited)"/;

export function rowOf(entry: Entry): Row {
  if (entry.kind !== 'message' && entry.kind !== 'edited') {
    const { kind, ...rest } = entry;
    return { header: JSON.stringify({ kind, ...rest }), body: null, sender: entry.sender, key: entry.key };
  }
  const { kind, body, ...rest } = entry;
  return {
    header: JSON.stringify({ kind, ...rest }),
    body: JSON.stringify(body),
    ...(entry.expires === undefined ? {} : { expires: entry.expires }),
    sender: entry.sender,
    key: entry.key,
  };
}

/** The entry as JSON text, as it goes over the wire. */
export function wireOf(row: { readonly header: string; readonly body: string | null }): string {
  if (!WITH_BODY.test(row.header)) return row.header;
  return `${row.header.slice(0, -1)},"body":${row.body ?? 'null'}}`;
}

/** As it is shown at `now`: every body that leaves the store passes here, and none that has expired. */
export function entryOf(row: StoredRow, now: number): Entry {
  return withoutExpired(JSON.parse(wireOf(row)) as Entry, now);
}

/** All rows `from … to`, but for those that were trimmed. */
export async function rowsOf(store: Store, id: string, from: number, to: number): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  let next = from;
  while (next <= to) {
    const page = await store.read(`c/${id}`, next, Math.min(500, to - next + 1));
    if (page.rows.length === 0) {
      if (page.floor < to) throw new Corrupt(`Conversation ${id} has nothing at ${next} below its head.`);
      break;
    }
    // Of one that was trimmed the first that is left may be above.
    rows.push(...page.rows.filter(({ seq }) => seq <= to));
    next = page.rows.at(-1)!.seq + 1;
  }
  return rows;
}

/** A frame or part of one, as JSON text, in which a message's words are changed: within strings no quote stands so. */
export function holdsEdit(wire: string): boolean {
  return wire.includes('{"kind":"edited"');
}
