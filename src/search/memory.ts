import { fold, matches, parseQuery } from '../core/search.ts';
import type { Doc, Find, FoundDocs, SearchIndex } from './search.ts';

interface Held extends Doc {
  readonly folded: string;
  readonly place: number;
}

/** For tests and the simulator: looks at everything, and forgets it with the process. */
export class MemoryIndex implements SearchIndex {
  readonly #conversations = new Map<string, { reached: number; docs: Map<number, Held> }>();
  readonly #places = new Set<number>();

  async reached(conversations: readonly string[]): Promise<number[]> {
    return conversations.map((id) => this.#conversations.get(id)?.reached ?? 0);
  }

  async write(conversation: string, to: number, docs: readonly Doc[], gone: readonly number[]): Promise<void> {
    const held = this.#conversations.get(conversation) ?? { reached: 0, docs: new Map<number, Held>() };
    this.#conversations.set(conversation, held);
    held.reached = Math.max(held.reached, to);
    for (const seq of [...gone, ...docs.map((doc) => doc.seq)]) {
      this.#places.delete(held.docs.get(seq)?.place ?? -1);
      held.docs.delete(seq);
    }
    for (const doc of [...docs].sort((a, b) => a.seq - b.seq)) {
      let place = doc.at * 16;
      while (this.#places.has(place)) place++;
      this.#places.add(place);
      held.docs.set(doc.seq, { ...doc, place, folded: fold(doc.text) });
    }
  }

  async forget(conversation: string): Promise<void> {
    for (const { place } of this.#conversations.get(conversation)?.docs.values() ?? []) this.#places.delete(place);
    this.#conversations.delete(conversation);
  }

  async find({ query, scopes, sender, has, from = 0, to, after, limit }: Find): Promise<FoundDocs> {
    const looked = parseQuery(query);
    const hits: { conversation: string; seq: number; place: number }[] = [];
    for (const { conversation, intervals } of scopes) {
      for (const doc of this.#conversations.get(conversation)?.docs.values() ?? []) {
        const { seq, at, place } = doc;
        if (!intervals.some((each) => seq >= each.from && (each.to === 0 || seq <= each.to))) continue;
        if (at < from || (to !== undefined && at >= to) || (after !== null && place >= after)) continue;
        if ((sender !== undefined && doc.sender !== sender) || (has !== undefined && !doc.has.includes(has))) continue;
        if (matches(looked, doc.folded)) hits.push({ conversation, seq, place });
      }
    }
    hits.sort((a, b) => b.place - a.place);
    const page = hits.slice(0, limit);
    return { hits: page, next: hits.length > limit ? page.at(-1)!.place : null };
  }

  async clear(): Promise<void> {
    this.#conversations.clear();
    this.#places.clear();
  }

  async close(): Promise<void> {}
}
