/** Keeps the lively ones of a community moving: they read, type, answer, say things, go, and come back. */
import { setTimeout } from 'node:timers/promises';
import type { Messenger, MessengerEvents } from '../client/index.ts';
import type { SeededRandom } from '../sim/time.ts';
import { open, type Resident, type Residents } from './resident.ts';

export interface SmallTalk {
  /** What is answered to whoever is not one of the lively ones. */
  readonly answers: readonly string[];
  readonly says: readonly string[];
}

export interface Life {
  readonly server: string;
  readonly smallTalk: Readonly<Record<string, SmallTalk>>;
  readonly random: SeededRandom;
  /** 1 is the pace of people; below that everything comes sooner. */
  readonly pace?: number;
}

/** Returns how to stop; whoever is connected then stays so. */
export function enliven(residents: Residents, life: Life): () => void {
  const stop = new AbortController();
  const lively = [...residents.values()].filter(({ person }) => life.smallTalk[person.name]);
  const company = new Company(lively.map(({ session }) => session.user));
  for (const resident of lively) {
    const one = new Lively(resident, life, life.smallTalk[resident.person.name]!, company, stop.signal);
    one.live().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }
  return () => stop.abort();
}

/** What the lively ones know together. */
class Company {
  readonly #users: readonly string[];
  readonly #said = new Set<string>();

  constructor(users: readonly string[]) {
    this.#users = users;
  }

  /** Nobody says what somebody has said; once all is said, it may be said again. */
  fresh(texts: readonly string[]): readonly string[] {
    return texts.filter((text) => !this.#said.has(text));
  }

  says(text: string): void {
    this.#said.add(text);
  }

  begin(): void {
    this.#said.clear();
  }

  has(user: string): boolean {
    return this.#users.includes(user);
  }

  /** One of them answers, though all of them read. */
  answers(user: string, messenger: Messenger, conversation: string, seq: number): boolean {
    const marks = messenger.conversation(conversation)?.marks;
    const here = this.#users.filter((other) => marks?.has(other));
    return here.length > 0 && here[seq % here.length] === user;
  }
}

class Lively {
  readonly #resident: Resident;
  readonly #life: Life;
  readonly #talk: SmallTalk;
  readonly #company: Company;
  readonly #signal: AbortSignal;
  readonly #answering = new Set<string>();

  constructor(resident: Resident, life: Life, talk: SmallTalk, company: Company, signal: AbortSignal) {
    this.#resident = resident;
    this.#life = life;
    this.#talk = talk;
    this.#company = company;
    this.#signal = signal;
  }

  async live(): Promise<void> {
    for (;;) {
      const { messenger } = this.#resident;
      const forget = messenger.on('message', (detail) => this.#quietly(this.#heard(messenger, detail)));
      for (let rounds = 2 + this.#life.random.below(3); rounds > 0; rounds--) {
        await this.#wait(25, 60);
        await this.#remark(messenger);
      }
      forget();
      await messenger.close();
      await this.#wait(12, 40);
      this.#resident.messenger = await open(this.#life.server, this.#resident);
    }
  }

  async #heard(messenger: Messenger, { conversation, entry }: MessengerEvents['message']): Promise<void> {
    if (entry.sender === messenger.user) return;
    await this.#wait(2, 6);
    void messenger.markRead(conversation, entry.seq);
    if (entry.kind !== 'message' || this.#company.has(entry.sender)) return;
    if (this.#company.fresh(this.#talk.says).length === 0) this.#company.begin();
    const mine = this.#company.answers(messenger.user, messenger, conversation, entry.seq);
    if (!mine || this.#answering.has(conversation)) return;
    this.#answering.add(conversation);
    await this.#wait(0.5, 1.5);
    await this.#write(messenger, conversation, this.#life.random.pick(this.#talk.answers));
    this.#answering.delete(conversation);
  }

  /**
   * Each thing is said once, so that a demo that nobody looks at comes to rest; a visitor's word begins it anew. Says
   * something new in one of the groups that are in use. */
  async #remark(messenger: Messenger): Promise<void> {
    const groups = messenger
      .inbox()
      .conversations.filter(({ kind, member, archived, muted }) => kind === 'group' && member && !archived && !muted);
    const unsaid = this.#company.fresh(this.#talk.says);
    if (groups.length === 0 || unsaid.length === 0) return;
    const text = this.#life.random.pick(unsaid);
    this.#company.says(text);
    await this.#write(messenger, this.#life.random.pick(groups).id, text);
  }

  async #write(messenger: Messenger, conversation: string, text: string): Promise<void> {
    for (let i = this.#life.random.below(2); i >= 0; i--) {
      messenger.typing(conversation);
      await this.#wait(1.5, 3.2);
    }
    await messenger.send(conversation, text);
  }

  /** So many seconds at the pace of people; rejects when it is stopped. */
  #wait(least: number, most: number): Promise<void> {
    const { random, pace = 1 } = this.#life;
    const ms = (least + random.next() * (most - least)) * 1_000 * pace;
    return setTimeout(ms, undefined, { signal: this.#signal });
  }

  #quietly(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#signal.aborted) throw error;
    });
  }
}
