/**
 * What people tell of each other. A report is a record; the words of a message are in it only where whoever reports gives a
 * copy, and the server takes them from the log, as they stand then. It is erased a while after it is done, and some time
 * after it was made in any case.
 */
import { annotated, byTarget, NOT_ANNOTATED } from '../core/annotations.ts';
import { maySee } from '../core/conversation.ts';
import { endOf } from '../core/lifetime.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { REPORT_DONE_KEPT_MS, REPORT_KEPT_MS } from '../protocol/limits.ts';
import type { Report } from '../protocol/reports.ts';
import type { Administration } from './administration.ts';
import { Annotator } from './annotator.ts';
import { Buckets } from './bucket.ts';
import type { Conversations } from './conversations.ts';
import { entryOf } from './entries.ts';
import { Failed } from './failed.ts';
import type { NodePorts } from './ports.ts';
import { mustExist } from './sends.ts';
import type { Session } from './session.ts';

/** What one person may report: so many at once, and then one more each hour. */
const BURST = 20;
const PER_SECOND = 1 / 3_600;
const BUCKETS_MAX = 10_000;
/** The newest first. */
const LAST_TIME = 9_999_999_999_999;
const SCANNED_MAX = 2_000;

export class Reports {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #administration: Administration;
  readonly #annotator: Annotator;
  readonly #buckets = new Buckets(PER_SECOND, BURST, BUCKETS_MAX);

  constructor(ports: NodePorts, conversations: Conversations, administration: Administration) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#administration = administration;
    this.#annotator = new Annotator(ports, conversations);
  }

  async report(session: Session, request: Request<'report'>): Promise<Result<'report'>> {
    const { key, about, reason, comment, message } = request;
    const { store, clock } = this.#ports;
    const { user } = session;
    if (await store.getRecord(`reported/${user}`, key)) return {};
    if (about === user) throw new Failed('not_allowed');
    await mustExist(this.#ports, [about]);
    const told = message ? await this.#message(user, about, message) : null;
    const waitMs = this.#buckets.take(user, 1, clock.monotonic());
    if (waitMs > 0) throw new Failed('too_many_tries', { retryAfterMs: waitMs });
    const at = clock.now();
    const id = `${String(LAST_TIME - at).padStart(13, '0')}-${key}`;
    const report: Report = { id, at, by: user, about, reason, comment: comment.trim(), message: told, done: null };
    // The schedule before the record, so that nothing stays for ever.
    await store.schedule(at + REPORT_KEPT_MS, `report ${user} ${id}`);
    await store.putRecord('reports', id, JSON.stringify(report), 0);
    await store.putRecord(`reported/${user}`, key, id, 0);
    return {};
  }

  /** Of theirs, and such that whoever reports sees it now. */
  async #message(
    user: string,
    about: string,
    { conversation, seq, copy }: NonNullable<Request<'report'>['message']>,
  ): Promise<Report['message']> {
    const state = await this.#conversations.stateNow(conversation);
    const now = this.#ports.clock.now();
    if (!maySee(state, user, seq) || endOf(state.keeping, now) !== null) throw new Failed('not_found');
    const [row] = (await this.#ports.store.read(`c/${conversation}`, seq, 1)).rows;
    if (row?.seq !== seq) throw new Failed('not_found');
    const { entries, annotations } = await this.#annotator.part(state, user, [entryOf(row, now)]);
    const [entry] = entries;
    if (entry?.kind !== 'message' || entry.sender !== about) throw new Failed('not_found');
    const { body } = annotated(entry, byTarget(annotations).get(seq) ?? NOT_ANNOTATED);
    return { conversation, seq, at: entry.at, text: copy && body ? body.text : null };
  }

  async reports(session: Session, { open, after, limit }: Request<'reports'>): Promise<Result<'reports'>> {
    await this.#administration.mustRun(session);
    const reports: Report[] = [];
    let last = after ?? '';
    for (let scanned = 0; scanned < SCANNED_MAX; ) {
      const page = await this.#ports.store.listRecords('reports', last, limit);
      for (const { key, value } of page) {
        last = key;
        scanned++;
        const report = JSON.parse(value) as Report;
        if (!open || report.done === null) reports.push(report);
        if (reports.length === limit) return { reports, next: last };
      }
      if (page.length < limit) return { reports, next: null };
    }
    return { reports, next: last };
  }

  async settle(session: Session, { report: id, done }: Request<'settleReport'>): Promise<Result<'settleReport'>> {
    await this.#administration.mustRun(session);
    const { store, clock } = this.#ports;
    for (;;) {
      const record = await store.getRecord('reports', id);
      if (!record) throw new Failed('not_found');
      const before = JSON.parse(record.value) as Report;
      if ((before.done !== null) === done) return { report: before };
      const at = clock.now();
      const report: Report = { ...before, done: done ? { by: session.user, at } : null };
      if (done) await store.schedule(at + REPORT_DONE_KEPT_MS, `report ${report.by} ${id}`);
      if (await store.putRecord('reports', id, JSON.stringify(report), record.version)) return { report };
    }
  }

  /** Erases it, should its time have come: it may be open again. */
  async expire(item: string): Promise<void> {
    const [, user = '', id = ''] = item.split(' ');
    const { store, clock } = this.#ports;
    const record = await store.getRecord('reports', id);
    if (!record) return;
    const { at, done } = JSON.parse(record.value) as Report;
    const now = clock.now();
    if (now < at + REPORT_KEPT_MS && (done === null || now < done.at + REPORT_DONE_KEPT_MS)) return;
    await store.deleteRecord('reports', id, record.version);
    const key = id.slice(id.indexOf('-') + 1);
    const named = await store.getRecord(`reported/${user}`, key);
    if (named) await store.deleteRecord(`reported/${user}`, key, named.version);
  }
}
