/** After the healing: every device holds what the store holds, shows what the user's others show, and nothing is owed. */
import type { Anomaly, Found } from '../check/checker.ts';
import type { FinalLog, FinalView, Operation } from '../check/history.ts';
import {
  apply,
  type Conversation,
  currentMembers,
  emptyConversation,
  joinedAt,
  maySee,
  roleOf,
} from '../core/conversation.ts';
import type { Media } from '../media/media.ts';
import type { Entry } from '../protocol/entities.ts';
import { MARKS_INLINE_MAX } from '../protocol/limits.ts';
import { settingKey } from '../protocol/settings.ts';
import type { SearchIndex } from '../search/search.ts';
import { entryOf } from '../server/entries.ts';
import { SHARDS, type Store } from '../store/store.ts';
import type { Device } from './devices.ts';
import { HOUR_END } from './known-keeping.ts';
import type { Ledger } from './ledger.ts';
import { idFor } from './people.ts';

export interface Ended {
  readonly log: FinalLog;
  readonly entries: readonly Entry[];
  readonly state: Conversation;
}

const ALL = 100_000;

/** As the judge reads it. */
function plainOf(entry: Entry, gone: boolean): FinalLog['entries'][number] {
  const { seq, key, sender, kind } = entry;
  const text = 'body' in entry && entry.body ? { text: entry.body.text } : {};
  const called = kind === 'message' && entry.mentions ? { mentions: entry.mentions } : {};
  const plain = { seq, key, sender, message: kind === 'message', ...called, ...text, ...(gone ? { gone } : {}) };
  if (kind === 'started') return { ...plain, act: kind };
  if (kind !== 'edited' && kind !== 'deleted' && kind !== 'reacted') return plain;
  const emoji = kind === 'reacted' ? { emoji: entry.emoji } : {};
  return { ...plain, act: kind, target: entry.target, ...emoji };
}

/** The message whose words these are. */
function aboutOf(entry: Entry): number {
  return entry.kind === 'message' ? entry.seq : entry.kind === 'edited' ? entry.target : 0;
}

export class Ending {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #devices: readonly Device[];
  /** By the clocks, which agree now. */
  readonly #now: () => number;
  readonly #found: Found;

  constructor(store: Store, ledger: Ledger, devices: readonly Device[], now: () => number, found: Found) {
    this.#now = now;
    this.#store = store;
    this.#ledger = ledger;
    this.#devices = devices;
    this.#found = found;
  }

  /** Every log as the store has it, which is as it was when each entry was written. */
  async logs(): Promise<Ended[]> {
    const ended: Ended[] = [];
    for (const [conversation, known] of this.#ledger.logs) {
      const { rows } = await this.#store.read(`c/${conversation}`, 1, ALL);
      const { goes, ended: end } = known.keeping;
      const entries = rows.map((row) => entryOf(row, 0));
      const standing = known.entries.slice(Math.max(0, end - 1)).map((entry, i) => {
        const about = aboutOf(entry);
        const going = goes.get(about);
        // Until the hour is over its words are there, or its key is not.
        const erased = going && (going.at <= HOUR_END || JSON.stringify(entries[i]).includes('"body":null'));
        return known.deleted.has(about) || erased ? { ...entry, body: null } : entry;
      });
      if (JSON.stringify(entries) !== JSON.stringify(standing)) {
        this.#found(
          'diverged',
          `${conversation} is not what was written, or holds words that were deleted or have gone`,
        );
      }
      const log = known.entries.map((entry) =>
        plainOf(entry, (goes.get(entry.seq)?.at ?? Number.POSITIVE_INFINITY) <= this.#now()),
      );
      const state = known.entries.reduce(apply, emptyConversation(conversation));
      ended.push({ log: { conversation, entries: log, ended: end }, entries: known.entries, state });
    }
    return ended;
  }

  async nothingOwed(): Promise<void> {
    for (let shard = 0; shard < SHARDS; shard++) {
      for (const { conversation } of await this.#store.obligations(shard, '', 1_000)) {
        this.#found('diverged', `fan-out of ${conversation} is still owed`);
      }
    }
    for (const [conversation, { head }] of this.#ledger.logs) {
      const fanned = (await this.#store.getRegister(`progress/${conversation}`, 'fanned'))?.stamp ?? 0;
      if (fanned !== head) this.#found('skipped', `${conversation} ends at ${head} and is fanned up to ${fanned}`);
    }
    for (const device of this.#devices) {
      const waiting = (device.messenger?.inbox().conversations ?? [])
        .flatMap(({ id }) => device.messenger?.pending(id) ?? [])
        .filter(({ state }) => state !== 'refused');
      if (waiting.length > 0) this.#found('lost', `${device.name}: ${waiting.length} still wait in the outbox`);
      if (device.unanswered.length > 0) {
        this.#found('lost', `${device.name}: ${device.unanswered.length} never answered`);
      }
      await device.check();
    }
  }

  /** Nobody keeps what has gone by itself: no device, member or not, and no index. */
  async gone(indexes: readonly SearchIndex[]): Promise<void> {
    for (const { name, user, storage } of this.#devices) {
      for (const { key, value } of await storage.range('e/', 'e0', ALL)) {
        const entry = value as Entry;
        const log = this.#ledger.log(key.split('/')[1]!);
        const { ended, goes } = log.keeping;
        if (ended > entry.seq && log.isMember(user))
          this.#found('resurrected', `${name} keeps ${key}, though that has ended`);
        const going = goes.get(aboutOf(entry));
        if (!('body' in entry) || entry.body === null || !going || going.at > this.#now()) continue;
        if (going.learnt === null || log.isMember(user))
          this.#found('resurrected', `${name} keeps the words of ${key}, gone`);
      }
    }
    for (const index of indexes) {
      for (const [conversation, { keeping, deleted }] of this.#ledger.logs) {
        const scopes = [{ conversation, intervals: [{ from: 1, to: 0 }] }];
        // What came last may not be indexed yet: nothing waits for that.
        const [reached = 0] = await index.reached([conversation]);
        const isKnown = (by: number) => by > 0 && by <= reached;
        const { hits } = await index.find({ query: '', scopes, after: null, limit: ALL });
        for (const { seq } of hits) {
          const going = keeping.goes.get(seq);
          const isOver = isKnown(deleted.get(seq) ?? 0) || isKnown(keeping.ended);
          const isGone = isOver || (going !== undefined && going.at <= HOUR_END);
          if (isGone) this.#found('resurrected', `an index keeps ${seq} of ${conversation}, gone`);
        }
      }
    }
  }

  /** No device keeps the words of what was deleted where its user is a member. */
  async erased(): Promise<void> {
    for (const { name, user, storage } of this.#devices) {
      for (const { key, value } of await storage.range('e/', 'e0', ALL)) {
        const entry = value as Entry;
        const log = this.#ledger.log(key.split('/')[1]!);
        if (!('body' in entry) || entry.body === null || !log.isMember(user)) continue;
        const about = entry.kind === 'edited' ? entry.target : entry.seq;
        if (log.deleted.has(about)) this.#found('resurrected', `${name} keeps the words of ${key}, deleted`);
      }
    }
  }

  /** A file belongs to one message, and goes with it. */
  async files(media: Media, sent: readonly { conversation: string; seq: number; id: string }[]): Promise<void> {
    for (const [conversation, { entries }] of this.#ledger.logs) {
      const ids = entries.flatMap((entry) => (entry.kind === 'message' ? (entry.attachments ?? []) : []));
      if (new Set(ids).size < ids.length) this.#found('duplicated', `${conversation} has a file in two messages`);
    }
    for (const { conversation, seq, id } of sent) {
      if (!this.#ledger.log(conversation).deleted.has(seq)) continue;
      const left = await media.list(`files/${conversation}/${id}`, '', 1);
      if (left.length > 0) this.#found('resurrected', `the file of ${seq} of ${conversation}, deleted, is kept`);
    }
  }

  /** What is shown of each conversation, beside what its log says. `read` pages through all of it. */
  async views(
    ended: readonly Ended[],
    read: (device: Device, conversation: string) => Promise<(readonly [number, string])[] | null>,
  ): Promise<FinalView[]> {
    const views: FinalView[] = [];
    for (const { log, state } of ended) {
      for (const device of this.#devices) {
        const view = await this.#view(device, log.conversation, state, read);
        if (view) views.push(view);
      }
    }
    return views;
  }

  async #view(
    device: Device,
    conversation: string,
    state: Conversation,
    read: (device: Device, conversation: string) => Promise<(readonly [number, string])[] | null>,
  ): Promise<FinalView | null> {
    const { name: proc, user, messenger } = device;
    const shown = messenger?.conversation(conversation);
    const role = roleOf(state, user);
    const differs = (anomaly: Anomaly, detail: string) => this.#found(anomaly, `${proc}: ${conversation} ${detail}`);
    if (role === null) {
      if (shown?.member) differs('resurrected', 'is still shown as one of its own');
      return null;
    }
    if (!shown?.member) {
      differs('diverged', 'is not known');
      return null;
    }
    const [here, there] = [shown, { ...state, role }].map((of) => `"${of.title}" of ${of.memberCount} as ${of.role}`);
    if (here !== there) differs('diverged', `is ${here}, not ${there}`);
    if (shown.read < joinedAt(state.members.get(user)!) - 1)
      differs('phantom unread', 'counts what was before it joined');
    const request = shown.request === 'declined' ? 'received' : shown.request;
    const asked = this.#ledger.log(conversation).requestOf(user);
    if (request !== asked) differs('diverged', `is ${request} as a request, not ${asked}`);
    const entries = await read(device, conversation);
    const visible = (seq: number) => maySee(state, user, seq);
    const hidden = (seq: number) => messenger!.setting(settingKey.hide(conversation, seq)) === '1';
    const { messages } = device;
    const { read: upTo, unread, firstUnread, firstMention } = shown;
    const counted = { read: upTo, unread, firstUnread, firstMention };
    const blocked = this.#ledger.blockedBy(user);
    return { proc, user, conversation, visible, hidden, blocked, entries: entries ?? [], messages, ...counted };
  }

  /** Both watermarks of every member are the registers, but for those of a stranger. */
  async #marks({ name, user: self, messenger }: Device, conversation: string, state: Conversation): Promise<void> {
    const shown = messenger!.conversation(conversation)!.marks;
    const { isRequest } = this.#ledger.log(conversation);
    for (const user of currentMembers(state)) {
      // What either was told before the block stays.
      if (this.#ledger.areBlocked(self, user)) continue;
      const [delivered, read] = await Promise.all(
        ['d', 'r'].map(async (kind) => {
          if (isRequest && user !== self) return 0;
          const register = await this.#store.getRegister(`marks/${conversation}`, `${user}/${kind}`);
          return register?.stamp ?? 0;
        }),
      );
      const mark = shown.get(user);
      if ((mark?.delivered ?? 0) !== delivered || (mark?.read ?? 0) !== read) {
        const here = `${mark?.delivered ?? 0} and ${mark?.read ?? 0}`;
        this.#found(
          'diverged',
          `${name}: marks of ${user} in ${conversation} are ${here}, not ${delivered} and ${read}`,
        );
      }
    }
  }

  /** To be called a heartbeat after everything was looked at. */
  async watermarks(ended: readonly Ended[]): Promise<void> {
    for (const { log, state } of ended) {
      for (const device of this.#devices) {
        if (roleOf(state, device.user) === null || !device.messenger?.conversation(log.conversation)) continue;
        if (state.memberCount <= MARKS_INLINE_MAX) await this.#marks(device, log.conversation, state);
        await this.#ownMarks(device, log.conversation, state);
      }
    }
  }

  /** What a device has read and received, it has said, and was heard. */
  async #ownMarks({ name, user, messenger }: Device, conversation: string, state: Conversation): Promise<void> {
    const { read, last } = messenger!.conversation(conversation)!;
    const stamps = await Promise.all([
      this.#store.getRegister(`marks/${conversation}`, `${user}/r`),
      this.#store.getRegister(`reads/${user}`, conversation),
      this.#store.getRegister(`marks/${conversation}`, `${user}/d`),
    ]);
    const [shown, hidden, delivered] = stamps.map((register) => register?.stamp ?? 0) as [number, number, number];
    if (Math.max(shown, hidden) !== read) {
      this.#found('diverged', `${name} has read ${read} of ${conversation}, the store says ${shown} and ${hidden}`);
    }
    // Whom one blocks is told nothing more of what one has.
    const isTold = state.kind !== 'self' && !this.#ledger.wereBlockedIn(conversation);
    if (isTold && last && last.sender !== user && delivered < last.seq && maySee(state, user, last.seq)) {
      this.#found('lost', `${name} holds ${last.seq} of ${conversation}; only ${delivered} is reported as delivered`);
    }
  }

  /** All devices of a user show the same. */
  sameEverywhere(): void {
    const shownBy = new Map<string, string>();
    for (const device of this.#devices) {
      const text = JSON.stringify(
        (device.messenger?.inbox().conversations ?? [])
          .filter(({ member }) => member)
          .map(
            ({ id, head, last, lastDeletedBy, pins, read, role, request, muted, pinned, archived, draft, ...of }) => {
              const words = last?.kind === 'message' ? last.body?.text : null;
              const shown = [last?.seq, words, lastDeletedBy, pins];
              const unread = [of.unread, of.firstUnread, of.firstMention];
              return [id, head, shown, read, unread, role, request, muted, pinned, archived, draft];
            },
          ),
      );
      const other = shownBy.get(device.user);
      if (other !== undefined && other !== text) {
        this.#found('diverged', `${device.name} shows ${text}, another of the user ${other}`);
      }
      shownBy.set(device.user, text);
    }
  }

  /** Nobody was shown what was written while they were no member. */
  memberships(history: readonly Operation[], ended: readonly Ended[]): void {
    const states = new Map(ended.map(({ log, state }) => [log.conversation, state]));
    for (const { op, proc, conversation, entries = [] } of history) {
      if (op === 'send') continue;
      const intervals = states.get(conversation)?.members.get(idFor(proc.split('/')[0]!))?.intervals ?? [];
      for (const [seq] of entries) {
        if (!intervals.some(({ from, to }) => seq >= from && (to === 0 || seq <= to))) {
          this.#found('resurrected', `${proc} was shown ${seq} of ${conversation}, written while it was no member`);
        }
      }
    }
  }
}
