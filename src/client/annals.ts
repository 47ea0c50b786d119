/**
 * The entries that this device holds, and what was done to them later. Each annotation has a key of its own and is
 * written without a look at the others: of those of one message the newest count, whenever somebody reads them.
 */
import { type Annotations, annotated, byTarget } from '../core/annotations.ts';
import { withoutExpired } from '../core/lifetime.ts';
import type { Annotation, Entry, MessageEntry } from '../protocol/entities.ts';
import type { Storage, Write } from './storage/storage.ts';

/** What writes behind. */
interface Desk {
  readonly storage: Storage;
  put(key: string, value: unknown): void;
  stage(write: Write): void;
  flushed(): Promise<void>;
  all(prefix: string): AsyncGenerator<[string, unknown]>;
  /** Of the server's clock, as far as it is known. */
  now(): number;
}

/** A message as it stands, and what stands beside it. */
export interface Recorded {
  readonly entry: MessageEntry;
  readonly annotations: Annotations | null;
}

const ALL = 1_000_000;
const numbered = (seq: number) => String(seq).padStart(16, '0');
const entryKey = (conversation: string, seq: number) => `e/${conversation}/${numbered(seq)}`;

export class Annals {
  readonly #desk: Desk;
  /** Counts the times at which what was held was given up: annotations of before it are under other keys. */
  #era = 0;
  /** Messages of which one knows in this run that they are deleted: a page of before may still be on its way. */
  readonly #deleted = new Set<string>();
  readonly #erasing = new Set<string>();

  /** Words came that go at that time. */
  onExpiring: (at: number) => void = () => {};

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Takes up what an earlier run had to erase. */
  async load(): Promise<void> {
    this.#era = ((await this.#desk.storage.get('m/era')) as number | undefined) ?? 0;
    for await (const [name] of this.#desk.all('x/')) {
      this.#deleted.add(name);
      this.#erase(name);
    }
  }

  keep(conversation: string, entry: Entry): void {
    const about = entry.kind === 'message' ? entry.seq : entry.kind === 'edited' ? entry.target : null;
    const isGone = about !== null && this.#deleted.has(`${conversation}/${numbered(about)}`);
    const kept = isGone ? { ...entry, body: null } : withoutExpired(entry, this.#desk.now());
    this.#desk.put(entryKey(conversation, entry.seq), kept);
    if (about === null || !('body' in kept) || kept.body === null || kept.expires === undefined) return;
    this.#due(kept.expires, `${conversation}/${numbered(about)}`);
  }

  #due(at: number, name: string): void {
    this.#desk.put(`t/${numbered(at)}/${name}`, this.#era);
    this.onExpiring(at);
  }

  drop(conversation: string, seq: number): void {
    this.#desk.stage({ kind: 'delete', key: entryKey(conversation, seq) });
  }

  annotate(conversation: string, annotations: readonly Annotation[]): void {
    for (const annotation of annotations) {
      const name = `${conversation}/${numbered(annotation.target)}`;
      if (annotation.what === 'edited' && this.#deleted.has(name)) continue;
      this.#desk.put(`${this.#prefix(conversation, annotation.target)}${numbered(annotation.seq)}`, annotation);
      if (annotation.what === 'started' && !this.#deleted.has(name)) this.#due(annotation.expires, name);
      if (annotation.what !== 'deleted' || this.#deleted.has(name)) continue;
      this.#deleted.add(name);
      // In the same write as the deletion, so that a crash forgets neither.
      this.#desk.put(`x/${name}`, true);
      this.#erase(name);
    }
  }

  /** Takes the words of all messages that have expired by then; which they are, by conversation. */
  async expire(now: number): Promise<Map<string, number[]>> {
    await this.#desk.flushed();
    const expired = new Map<string, number[]>();
    const rows = await this.#desk.storage.range('t/', `t/${numbered(now + 1)}`, ALL);
    for (const { key, value } of rows) {
      const [, , conversation = '', seq = ''] = key.split('/');
      const name = `${conversation}/${seq}`;
      if (this.#isFormer(value)) {
        this.#desk.stage({ kind: 'delete', key });
        continue;
      }
      this.#deleted.add(name);
      this.#desk.put(`x/${name}`, true);
      this.#desk.stage({ kind: 'delete', key });
      this.#erase(name);
      expired.set(conversation, [...(expired.get(conversation) ?? []), Number(seq)]);
    }
    return expired;
  }

  /** When the next words go, if any do. */
  async expiring(): Promise<number[]> {
    await this.#desk.flushed();
    const rows = await this.#desk.storage.range('t/', 't0', 1);
    return rows.map(({ key }) => Number(key.split('/')[1]));
  }

  /** Nothing is held of this conversation any more but that it has ended. */
  async empty(conversation: string): Promise<void> {
    await this.#desk.flushed();
    for (const prefix of [`e/${conversation}/`, `a/${conversation}/`, `x/${conversation}/`]) {
      for await (const [key, value] of this.#desk.all(prefix)) {
        if ((value as Partial<Entry>).kind !== 'ended') this.#desk.stage({ kind: 'delete', key: prefix + key });
      }
    }
    for await (const [key] of this.#desk.all('t/')) {
      if (key.split('/')[1] === conversation) this.#desk.stage({ kind: 'delete', key: `t/${key}` });
    }
  }

  #prefix(conversation: string, target: number): string {
    return `a/${conversation}/${this.#era}/${numbered(target)}/`;
  }

  /** Removes the words of a deleted message, and of its edits, from this device. */
  #erase(name: string): void {
    if (this.#erasing.has(name)) return;
    this.#erasing.add(name);
    void this.#eraseNow(name)
      .catch(() => {})
      .finally(() => this.#erasing.delete(name));
  }

  async #eraseNow(name: string): Promise<void> {
    const { storage } = this.#desk;
    const era = this.#era;
    const [conversation = '', seq = ''] = name.split('/');
    const target = Number(seq);
    await this.#desk.flushed();
    const prefix = this.#prefix(conversation, target);
    const rows = await storage.range(prefix, `${prefix.slice(0, -1)}0`, ALL);
    const edits = rows.filter(({ value }) => (value as Annotation).what === 'edited');
    const seqs = [target, ...edits.map(({ value }) => (value as Annotation).seq)];
    const entries = await Promise.all(seqs.map((each) => storage.get(entryKey(conversation, each))));
    if (era !== this.#era) return;
    for (const { key } of edits) this.#desk.stage({ kind: 'delete', key });
    for (const entry of entries as (Entry | undefined)[]) if (entry) this.keep(conversation, entry);
    this.#desk.stage({ kind: 'delete', key: `x/${name}` });
  }

  /** What was held is of a time that never was. */
  distrust(): void {
    const former = this.#era++;
    this.#desk.put('m/era', this.#era);
    this.#deleted.clear();
    void this.#forget(former);
  }

  /** Whether it was to go of what has been given up. */
  #isFormer(era: unknown): boolean {
    return typeof era === 'number' && era < this.#era;
  }

  async #forget(era: number): Promise<void> {
    for await (const [key, value] of this.#desk.all('t/')) {
      if (this.#isFormer(value)) this.#desk.stage({ kind: 'delete', key: `t/${key}` });
    }
    for await (const [key] of this.#desk.all('a/')) {
      if (Number(key.split('/')[1]) <= era) this.#desk.stage({ kind: 'delete', key: `a/${key}` });
    }
    for await (const [name] of this.#desk.all('x/')) {
      if (!this.#deleted.has(name)) this.#desk.stage({ kind: 'delete', key: `x/${name}` });
    }
  }

  /** Entries as they came, in order; `newest`: the last of them when there are more. */
  async entries(conversation: string, from: number, to: number, limit: number, newest: boolean): Promise<Entry[]> {
    if (to < from) return [];
    await this.#desk.flushed();
    const { storage } = this.#desk;
    const rows = await storage.range(entryKey(conversation, from), entryKey(conversation, to + 1), limit, newest);
    const now = this.#desk.now();
    const entries = rows.map(({ value }) => withoutExpired(value as Entry, now));
    return newest ? entries.reverse() : entries;
  }

  /** What was done to the messages `from … to`. */
  async annotations(conversation: string, from: number, to: number): Promise<Map<number, Annotations>> {
    if (to < from) return new Map();
    await this.#desk.flushed();
    const { storage } = this.#desk;
    const rows = await storage.range(this.#prefix(conversation, from), this.#prefix(conversation, to + 1), ALL);
    return byTarget(rows.map(({ value }) => value as Annotation));
  }

  /** One message, if it is held. */
  async message(conversation: string, seq: number): Promise<Recorded | null> {
    const [entry] = await this.entries(conversation, seq, seq, 1, false);
    if (entry?.kind !== 'message') return null;
    const annotations = (await this.annotations(conversation, seq, seq)).get(seq) ?? null;
    const standing = annotations ? annotated(entry, annotations) : entry;
    return { entry: withoutExpired(standing, this.#desk.now()), annotations };
  }
}
