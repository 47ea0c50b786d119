/** Between entries and rows. A body stays the text that it came as: it is stored and sent, never read. */
import { withoutExpired } from '../core/lifetime.ts';
import type { Entry } from '../protocol/entities.ts';
import type { Row, StoredRow } from '../store/store.ts';

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

/** A frame or part of one, as JSON text, in which a message's words are changed: within strings no quote stands so. */
export function holdsEdit(wire: string): boolean {
  return wire.includes('{"kind":"edited"');
}
