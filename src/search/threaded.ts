import { join } from 'node:path';
import type { Doc, Find, FoundDocs, SearchIndex } from './search.ts';
import type { SqliteIndex } from './sqlite.ts';

type Method = 'reached' | 'write' | 'forget' | 'find' | 'clear' | 'close';

export interface Call {
  readonly id: number;
  readonly name: 'open' | Method;
  readonly args: readonly unknown[];
}

export type Outcome =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The index in a folder, on a thread of its own, so that no look at it holds up the event loop. */
export class ThreadedIndex implements SearchIndex {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url));
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #closing: Promise<void> | null = null;

  private constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Outcome>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(`The search index: ${data.error}`));
      else waiting?.resolve(data.result as never);
    };
    this.#worker.onerror = ({ message }) => this.#fail(message);
  }

  /** Makes the folder when it is not there. */
  static async open(folder: string): Promise<ThreadedIndex> {
    const index = new ThreadedIndex();
    try {
      await index.#call('open', [join(folder, 'index.sqlite')]);
    } catch (error) {
      index.#worker.terminate();
      throw error;
    }
    return index;
  }

  #fail(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`The search index: ${why}`));
    this.#waiting.clear();
  }

  #call<M extends Method>(name: M, args: Parameters<SqliteIndex[M]>): Promise<ReturnType<SqliteIndex[M]>>;
  #call(name: 'open', args: [string]): Promise<void>;
  #call(name: 'open' | Method, args: readonly unknown[]): Promise<unknown> {
    if (this.#closing) return Promise.reject(new Error('The search index is closed.'));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, args } satisfies Call);
    });
  }

  reached(conversations: readonly string[]): Promise<number[]> {
    return this.#call('reached', [conversations]);
  }

  write(conversation: string, to: number, docs: readonly Doc[], gone: readonly number[]): Promise<void> {
    return this.#call('write', [conversation, to, docs, gone]);
  }

  forget(conversation: string): Promise<void> {
    return this.#call('forget', [conversation]);
  }

  find(find: Find): Promise<FoundDocs> {
    return this.#call('find', [find]);
  }

  clear(): Promise<void> {
    return this.#call('clear', []);
  }

  close(): Promise<void> {
    if (!this.#closing) {
      const closed = this.#call('close', []);
      this.#closing = closed.finally(() => this.#worker.terminate());
    }
    return this.#closing;
  }
}
