/**
 * The search port: an index of what messages say, derived from the logs. It may be lost at any time, and is made again;
 * whoever asks it makes sure of every hit. Each call is one atomic step, and calls are carried out in their order.
 */
import type { Having } from '../protocol/entities.ts';

/** A message as it stands now. */
export interface Doc {
  readonly seq: number;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly sender: string;
  readonly has: readonly Having[];
  readonly text: string;
}

/** Of a conversation what the asker may see: seqs `from … to`, `to` 0 without an end. */
export interface Scope {
  readonly conversation: string;
  readonly intervals: readonly { readonly from: number; readonly to: number }[];
}

export interface Find {
  /** As it was typed; '' finds all that the rest lets through. */
  readonly query: string;
  readonly scopes: readonly Scope[];
  readonly sender?: string;
  readonly has?: Having;
  /** Log time, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** The `next` of the page before; null begins with the newest. */
  readonly after: number | null;
  readonly limit: number;
}

export interface FoundDocs {
  readonly hits: readonly { readonly conversation: string; readonly seq: number; readonly place: number }[];
  /** Null once all was looked at; a page may end early, even empty, when it takes long. */
  readonly next: number | null;
}

export interface SearchIndex {
  /** How far each conversation is indexed, in the order asked; 0 where it is not. */
  reached(conversations: readonly string[]): Promise<readonly number[]>;
  /**
   * Puts these messages in place of what was held of their seqs, removes those that are gone, and raises how far the
   * conversation is indexed to at least `to`. What is removed is in no byte that the index keeps once this returns.
   */
  write(conversation: string, to: number, docs: readonly Doc[], gone: readonly number[]): Promise<void>;
  /** Removes all of a conversation. */
  forget(conversation: string): Promise<void>;
  /** Newest first; where several have the same time, those of one conversation by their seqs. */
  find(find: Find): Promise<FoundDocs>;
  /** Everything is forgotten. */
  clear(): Promise<void>;
  close(): Promise<void>;
}
