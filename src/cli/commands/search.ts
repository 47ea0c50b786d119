import { annotated, byTarget, NOT_ANNOTATED } from '../../core/annotations.ts';
import { found, parseQuery } from '../../core/search.ts';
import type { Request, Result } from '../../protocol/commands.ts';
import type { Entry, Having } from '../../protocol/entities.ts';
import { PAGE_MAX } from '../../protocol/limits.ts';
import { type Context, signedIn } from '../context.ts';
import { EXIT, Failed } from '../failure.ts';
import { conversation, conversations, mustBePerson, names, titleOf } from '../find.ts';
import { line, namedIn, oneLine, print, printEntry } from '../print.ts';
import { shown } from '../styled.ts';

export interface SearchOptions {
  readonly in?: string;
  readonly by?: string;
  readonly has?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

const HAVING: readonly string[] = ['link', 'file', 'image'] satisfies Having[];

/** Newest first; all of the words must be there. */
export async function search(context: Context, words: readonly string[], options: SearchOptions): Promise<void> {
  const { ask } = await signedIn(context);
  const query = words.join(' ');
  const asked: Omit<Request<'search'>, 'after' | 'limit'> = {
    query,
    ...(options.in === undefined ? {} : { conversation: (await conversation(ask, options.in)).id }),
    ...(options.by === undefined ? {} : { sender: (await mustBePerson(ask, options.by)).user }),
    ...(options.has === undefined ? {} : { has: havingOf(options.has) }),
    ...(options.since === undefined ? {} : { from: dayOf(options.since) }),
    ...(options.until === undefined ? {} : { to: dayOf(options.until, 1) }),
  };
  const hits: { conversation: string; entry: Entry }[] = [];
  let complete = true;
  for (let after: string | null = null; hits.length < options.limit; ) {
    const page: Result<'search'> = await ask('search', {
      ...asked,
      after,
      limit: Math.min(PAGE_MAX, options.limit - hits.length),
    });
    for (const { conversation: id, entry, annotations = [] } of page.hits) {
      if (entry.kind !== 'message') continue;
      const known = byTarget(annotations).get(entry.seq) ?? NOT_ANNOTATED;
      hits.push({ conversation: id, entry: annotated(entry, known) });
    }
    complete &&= page.complete;
    after = page.next;
    if (after === null) break;
  }
  const summaries = new Map((await conversations(ask)).map((summary) => [summary.id, summary]));
  const peers = [...summaries.values()].flatMap(({ peer }) => (peer ? [peer] : []));
  const known = await names(ask, [...peers, ...hits.flatMap(({ entry }) => namedIn(entry))]);
  for (const hit of hits) {
    const summary = summaries.get(hit.conversation);
    const title = summary ? titleOf(summary, known) : '';
    if (context.json) printEntry(hit.conversation, hit.entry, known, { title, found: rangesOf(query, hit.entry) });
    else print(`${oneLine(title)} · ${line(hit.entry, known, null, shown)}`);
  }
  if (hits.length === 0 && !context.json) print('Nothing is found.');
  if (!complete) process.stderr.write('Older messages are still being made ready; look again in a while.\n');
}

function rangesOf(query: string, entry: Entry): readonly (readonly [number, number])[] {
  const text = entry.kind === 'message' ? (entry.body?.text ?? '') : '';
  return found(parseQuery(query), text).map(({ from, to }) => [from, to] as const);
}

function havingOf(text: string): Having {
  if (!HAVING.includes(text)) throw new Failed(`--has is one of: ${HAVING.join(', ')}.`, EXIT.usage);
  return text as Having;
}

/** The beginning of a day here, or of the one so many days later: days are not all of one length. */
function dayOf(text: string, later = 0): number {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  const begins = new Date(year!, month! - 1, day);
  // Of the 31st of February another day is made.
  const isDay = begins.getMonth() === month! - 1 && begins.getDate() === day && begins.getTime() >= 0;
  if (!isDay) throw new Failed('A day looks like 2026-11-25.', EXIT.usage);
  return new Date(year!, month! - 1, day! + later).getTime();
}
