/**
 * The index in one file of SQLite: grams in an FTS5 table, and beside them the folded texts, which decide. Where a
 * message stands is its time and a slot, so that rows are in the order of time in whichever order they came, and a page
 * reads them from the newest down. This is the whole of it, and waits for the disk: `threaded.ts` puts it on a thread.
 */
import { Database } from 'bun:sqlite';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fold, gramsFor, gramsOf, matches, parseQuery } from '../core/search.ts';
import type { Having } from '../protocol/entities.ts';
import type { Doc, Find, FoundDocs, Scope } from './search.ts';

/** Another one: what is there is made anew. Also raised when `core` folds or cuts otherwise. */
const FORMAT = 1;
const SLOTS = 16;
/** Messages that one look goes through before it asks for the time, and how long a page may take. */
const WINDOW = 50_000;
const BUDGET_MS = 100;
/** Of more conversations hits are looked up one by one. */
const SCOPES_MATCHED_MAX = 100;
const HAVING: Readonly<Record<Having, number>> = { link: 1, file: 2, image: 4 };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS conversations (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reached INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS users (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS docs (place INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT NULL,
    sender INTEGER NOT NULL, has INTEGER NOT NULL, text TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS docs_by_seq ON docs (conversation, seq);
  CREATE VIRTUAL TABLE IF NOT EXISTS grams USING fts5(tokens, content = '', detail = none, columnsize = 0,
    tokenize = "ascii tokenchars '_'");
  INSERT INTO grams (grams, rank) VALUES ('secure-delete', 1);
  PRAGMA user_version = ${FORMAT};
`;

interface HeldDoc {
  readonly place: number;
  readonly conversation: number;
  readonly seq: number;
  readonly sender: number;
  readonly has: number;
  readonly text: string;
}

export class SqliteIndex {
  readonly #file: string;
  #db: Database;

  /** Makes the file when it is not there, or cannot be used. */
  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      this.#db = openFile(file);
    } catch {
      this.#db = this.#anew();
    }
  }

  #anew(): Database {
    for (const end of ['', '-wal', '-shm']) rmSync(this.#file + end, { force: true });
    return openFile(this.#file);
  }

  /** What a damaged file throws is thrown once, and the next call finds an empty one. */
  #guarded<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!/^SQLITE_(CORRUPT|NOTADB)/.test((error as { code?: string }).code ?? '')) throw error;
      this.clear();
      throw error;
    }
  }

  reached(conversations: readonly string[]): number[] {
    return this.#guarded(() => {
      const query = this.#db.query<{ reached: number }, [string]>('SELECT reached FROM conversations WHERE id = ?');
      return conversations.map((id) => query.get(id)?.reached ?? 0);
    });
  }

  write(conversation: string, to: number, docs: readonly Doc[], gone: readonly number[]): void {
    this.#guarded(() => {
      let removed = false;
      this.#db.transaction(() => {
        const n = this.#conversation(conversation);
        for (const seq of [...gone, ...docs.map((doc) => doc.seq)]) removed = this.#remove(n, seq) || removed;
        for (const doc of [...docs].sort((a, b) => a.seq - b.seq)) this.#add(n, doc);
        this.#db.query('UPDATE conversations SET reached = max(reached, ?) WHERE n = ?').run(to, n);
      })();
      if (removed) this.#empty();
    });
  }

  forget(conversation: string): void {
    this.#guarded(() => {
      this.#db.transaction(() => {
        const n = this.#conversation(conversation);
        const seqs = this.#db.query<{ seq: number }, [number]>('SELECT seq FROM docs WHERE conversation = ?').all(n);
        for (const { seq } of seqs) this.#remove(n, seq);
        this.#db.query('DELETE FROM conversations WHERE n = ?').run(n);
      })();
      this.#empty();
    });
  }

  /** What was removed is zeros in the file already; here it leaves the log beside it. */
  #empty(): void {
    this.#db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  #conversation(id: string): number {
    this.#db.query('INSERT OR IGNORE INTO conversations (id, reached) VALUES (?, 0)').run(id);
    return this.#db.query<{ n: number }, [string]>('SELECT n FROM conversations WHERE id = ?').get(id)!.n;
  }

  #user(id: string): number {
    this.#db.query('INSERT OR IGNORE INTO users (id) VALUES (?)').run(id);
    return this.#db.query<{ n: number }, [string]>('SELECT n FROM users WHERE id = ?').get(id)!.n;
  }

  #add(conversation: number, { seq, at, sender, has, text }: Doc): void {
    const doc = { conversation, seq, sender: this.#user(sender), has: bitsOf(has), text: fold(text) };
    const place = this.#freePlace(at * SLOTS);
    this.#db
      .query('INSERT INTO docs (place, conversation, seq, sender, has, text) VALUES (?, ?, ?, ?, ?, ?)')
      .run(place, doc.conversation, doc.seq, doc.sender, doc.has, doc.text);
    this.#db.query('INSERT INTO grams (rowid, tokens) VALUES (?, ?)').run(place, tokensOf(doc));
  }

  #freePlace(from: number): number {
    const query = this.#db.query<{ place: number }, [number, number]>(
      'SELECT place FROM docs WHERE place >= ? AND place < ? ORDER BY place DESC LIMIT 1',
    );
    for (let slot = from; ; slot += SLOTS) {
      const last = query.get(slot, slot + SLOTS)?.place;
      if (last === undefined) return slot;
      if (last < slot + SLOTS - 1) return last + 1;
    }
  }

  /** Whether there was one. */
  #remove(conversation: number, seq: number): boolean {
    const doc = this.#db
      .query<HeldDoc, [number, number]>('SELECT * FROM docs WHERE conversation = ? AND seq = ?')
      .get(conversation, seq);
    if (!doc) return false;
    this.#db.query("INSERT INTO grams (grams, rowid, tokens) VALUES ('delete', ?, ?)").run(doc.place, tokensOf(doc));
    this.#db.query('DELETE FROM docs WHERE place = ?').run(doc.place);
    return true;
  }

  find(find: Find): FoundDocs {
    return this.#guarded(() => this.#find(find));
  }

  #find({ query, scopes, sender, has, from, to, after, limit }: Find): FoundDocs {
    const looked = parseQuery(query);
    const byNumber = this.#scopesByNumber(scopes);
    const senderNumber = sender === undefined ? null : this.#numberOf('users', sender);
    if (byNumber.size === 0 || senderNumber === undefined) return { hits: [], next: null };
    const tokens = [...gramsFor(looked)].map((gram) => `"${gram}"`);
    if (senderNumber !== null) tokens.push(`"u_${senderNumber}"`);
    if (has !== undefined) tokens.push(`"h_${HAVING[has]}"`);
    if (byNumber.size <= SCOPES_MATCHED_MAX) tokens.push(anyOf([...byNumber.keys()].map((n) => `"c_${n}"`)));
    const match = tokens.length > 0 ? tokens.join(' AND ') : '"d_"';
    const bottom = from === undefined ? 0 : from * SLOTS;
    let top = after ?? Number.MAX_SAFE_INTEGER;
    if (to !== undefined) top = Math.min(top, to * SLOTS);
    const until = performance.now() + BUDGET_MS;
    const hits: { conversation: string; seq: number; place: number }[] = [];
    while (top > bottom) {
      const low = Math.max(bottom, this.#below(top));
      for (const doc of this.#rows(match, top, low)) {
        const scope = byNumber.get(doc.conversation);
        if (!scope || !isWithin(scope, doc.seq) || !matches(looked, doc.text)) continue;
        hits.push({ conversation: scope.conversation, seq: doc.seq, place: doc.place });
        if (hits.length === limit) return { hits, next: doc.place };
      }
      top = low;
      if (low > bottom && performance.now() > until) return { hits, next: low };
    }
    return { hits, next: null };
  }

  #rows(match: string, top: number, low: number) {
    return this.#db
      .query<Omit<HeldDoc, 'sender' | 'has'>, [string, number, number]>(
        `SELECT place, conversation, seq, text FROM grams JOIN docs ON place = grams.rowid
         WHERE grams MATCH ? AND grams.rowid < ? AND grams.rowid >= ? ORDER BY grams.rowid DESC`,
      )
      .iterate(match, top, low);
  }

  /** Where a look that begins below `top` ends. */
  #below(top: number): number {
    const query = this.#db.query<{ place: number }, [number, number]>(
      'SELECT place FROM docs WHERE place < ? ORDER BY place DESC LIMIT 1 OFFSET ?',
    );
    return query.get(top, WINDOW)?.place ?? 0;
  }

  #scopesByNumber(scopes: readonly Scope[]): Map<number, Scope> {
    const byNumber = new Map<number, Scope>();
    for (const scope of scopes) {
      const n = this.#numberOf('conversations', scope.conversation);
      if (n !== undefined) byNumber.set(n, scope);
    }
    return byNumber;
  }

  #numberOf(table: 'conversations' | 'users', id: string): number | undefined {
    return this.#db.query<{ n: number }, [string]>(`SELECT n FROM ${table} WHERE id = ?`).get(id)?.n;
  }

  clear(): void {
    try {
      this.#db.close();
    } finally {
      this.#db = this.#anew();
    }
  }

  close(): void {
    this.#db.close();
  }
}

function openFile(file: string): Database {
  const db = new Database(file, { create: true });
  try {
    db.run('PRAGMA journal_mode = WAL');
    // It is derived: what power takes is indexed again, and no crash tears it.
    db.run('PRAGMA synchronous = NORMAL');
    db.run('PRAGMA secure_delete = ON');
    const { user_version: found } = db.query<{ user_version: number }, []>('PRAGMA user_version').get()!;
    if (found !== 0 && found !== FORMAT) throw new Error(`The index has format ${found}.`);
    db.run(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** All by which a message is looked up; words never have an underscore. */
function tokensOf({ conversation, sender, has, text }: Omit<HeldDoc, 'place' | 'seq'>): string {
  const having = Object.values(HAVING).filter((bit) => (has & bit) !== 0);
  const marks = ['d_', `c_${conversation}`, `u_${sender}`, ...having.map((bit) => `h_${bit}`)];
  return [...marks, ...gramsOf(text)].join(' ');
}

function bitsOf(has: readonly Having[]): number {
  return has.reduce((bits, each) => bits | HAVING[each], 0);
}

function anyOf(tokens: readonly string[]): string {
  return `(${tokens.join(' OR ')})`;
}

function isWithin({ intervals }: Scope, seq: number): boolean {
  return intervals.some(({ from, to }) => seq >= from && (to === 0 || seq <= to));
}
