/**
 * What has expired goes from the store, too: bodies and files whose time is over, all of a conversation that has ended, the bytes
 * of what was deleted. Every step may be repeated; what is not finished stays due.
 */
import { filesOf } from '../core/attached.ts';
import type { Conversation } from '../core/conversation.ts';
import { hourAfter, isExpired, mustEnd } from '../core/lifetime.ts';
import type { Entry } from '../protocol/entities.ts';
import { settingKey } from '../protocol/settings.ts';
import { annotatedAt, isGone } from './annotations.ts';
import { eraseAllFiles, eraseFilesAt, eraseFilesOf } from './attachments.ts';
import type { Conversations } from './conversations.ts';
import type { Feeds } from './feeds.ts';
import type { Indexing } from './indexing.ts';
import { listAll } from './load.ts';
import type { NodePorts } from './ports.ts';

const RUN = 500;

type Work = 'expire' | 'end' | 'compact';
/** Due at the next full hour after anything of what is compacted with it was overwritten. */
const TIDY = 'tidy';
/** What people begin to write, and uploads: small, overwritten all the time, and nothing that stays. */
const FLEETING = ['drafts/', 'uploads/'];

/** All that is kept of one conversation in words. */
const namesOf = (id: string) => [`c/${id}`, `progress/${id}`, `annotations/${id}`, `files/${id}`, ...FLEETING];

/** To be called before drafts or names of files are overwritten. */
export function tidyLater({ store, clock }: NodePorts): Promise<void> {
  return store.schedule(hourAfter(clock.now() + 1), TIDY);
}

export class Erasure {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #indexing: Indexing;
  readonly #feeds: Feeds;

  constructor(ports: NodePorts, conversations: Conversations, indexing: Indexing, feeds: Feeds) {
    this.#feeds = feeds;
    this.#indexing = indexing;
    this.#ports = ports;
    this.#conversations = conversations;
  }

  /** Puts what will have to be done for the entries above `since` into the schedule. */
  async plan(state: Conversation, since: number, hours: readonly number[], deleted: boolean): Promise<void> {
    const { clock } = this.#ports;
    const { keeping, id } = state;
    for (const hour of hours) await this.#schedule(hour, 'expire', id);
    if (deleted) await this.#schedule(hourAfter(clock.now()), 'compact', id);
    if (keeping.lifetime.kind !== 'whole' || keeping.ended !== null) return;
    const { until } = keeping.lifetime;
    if (keeping.stamp > since && until !== undefined) await this.#schedule(until, 'end', id);
    if (mustEnd(state, clock.now())) await this.#schedule(state.at, 'end', id);
  }

  #schedule(at: number, work: Work, id: string): Promise<void> {
    return this.#ports.store.schedule(at, `${work} ${id}`);
  }

  /** Carries out what is due; false when it has to come again. */
  async carryOut(item: string): Promise<boolean> {
    const [work, id = ''] = item.split(' ');
    if (work === 'expire') await this.#expire(id);
    else if (work === 'compact') await this.#ports.store.compact(namesOf(id));
    else if (work === TIDY) await this.#ports.store.compact(FLEETING);
    else if (work === 'end') return this.#end(id);
    return true;
  }

  /** Bodies below `erased` are gone or stay for ever: each look goes on from there. */
  async #expire(id: string): Promise<void> {
    const { store, media, clock } = this.#ports;
    const now = clock.now();
    const before = (await store.getRegister(`progress/${id}`, 'erased'))?.stamp ?? 0;
    const head = await store.head(`c/${id}`);
    let erased = before;
    const gone: number[] = [];
    const read: number[] = [];
    let files = false;
    for (let next = before + 1; next <= head; ) {
      const { rows } = await store.read(`c/${id}`, next, RUN);
      if (rows.length === 0) break;
      for (const { seq, header } of rows) {
        const entry = JSON.parse(header) as Entry;
        const goes: { expires?: number | undefined } = 'expires' in entry ? entry : {};
        if (entry.kind === 'started') {
          if (isExpired(entry, now)) read.push(...(await this.#eraseRead(id, entry.targets, now)));
        } else if (isExpired(goes, now)) {
          await eraseFilesOf(store, media, id, entry);
          files ||= filesOf(entry).length > 0;
          await store.scrub(id, seq);
          gone.push(seq);
        }
        if (erased === seq - 1 && (goes.expires === undefined || isExpired(goes, now))) erased = seq;
        next = seq + 1;
      }
    }
    if (gone.length + read.length > 0) await this.#indexing.erase(id, [...gone, ...read]);
    // What was read is under no key, because nobody knew when it would go; nor are the names of files.
    if (read.length > 0 || files) await store.compact(namesOf(id));
    if (erased > before) await store.raise(`progress/${id}`, [{ key: 'erased', stamp: erased, value: '' }]);
  }

  /** Of messages whose time began when they were read, those that have gone by then. */
  async #eraseRead(id: string, targets: readonly number[], now: number): Promise<number[]> {
    const { store, media } = this.#ports;
    const gone: number[] = [];
    for (const target of targets) {
      const done = await annotatedAt(store, this.#conversations.recent(id), id, target);
      if (!isGone(done, now)) continue;
      await eraseFilesAt(store, media, id, target);
      for (const seq of [target, ...done.edits]) await store.scrub(id, seq);
      gone.push(target);
    }
    return gone;
  }

  /** Appends the last entry, and removes all before it once nobody needs it to know the state. */
  async #end(id: string): Promise<boolean> {
    const { store, media } = this.#ports;
    if (mustEnd(await this.#conversations.stateNow(id), this.#ports.clock.now())) await this.#conversations.end(id);
    const state = await this.#conversations.stateNow(id);
    // Its time was moved: the entry that did so has a place in the schedule of its own. Or it could not be stored just now.
    if (state.keeping.ended === null) return !mustEnd(state, this.#ports.clock.now());
    const projected = (await store.getRegister(`progress/${id}`, 'projected'))?.stamp ?? 0;
    if (projected < state.keeping.stamp) return false;
    await eraseAllFiles(store, media, id);
    await store.trim(`c/${id}`, state.keeping.stamp - 1);
    for (const partition of [`annotations/${id}`, `gone/${id}`]) {
      const held = await listAll(store, partition);
      const emptied = held.map(({ key }) => ({ key, stamp: state.keeping.stamp, value: '' }));
      if (emptied.length > 0) await store.raise(partition, emptied);
    }
    await this.#clearDrafts(state);
    await store.compact(namesOf(id));
    return true;
  }

  /** What its members had begun to write, for all their devices. */
  async #clearDrafts({ id, members }: Conversation): Promise<void> {
    const prefix = settingKey.draft(id, '');
    for (const user of members.keys()) {
      const begun = (await listAll(this.#ports.store, `drafts/${user}`, prefix)).filter(({ value }) => value !== '');
      await Promise.all(begun.map(({ key }) => this.#feeds.add(user, { kind: 'set', key, value: '' })));
      if (begun.length > 0) await this.#feeds.project(user);
    }
  }
}
