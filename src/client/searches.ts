/** The searches that are open. What looks is fetched when somebody does: reading and writing need none of it. */
import type { Search, SearchRequest } from './api.ts';
import type { AskSearch, Finder } from './finder.ts';
import type { Replica } from './replica.ts';
import type { SearchView } from './views.ts';

const NOTHING_YET: SearchView = { hits: [], looking: true, more: false, complete: true, failed: null };

export class Searches {
  readonly #replica: Replica;
  readonly #ask: AskSearch;
  readonly #open = new Set<Begun>();

  constructor(replica: Replica, ask: AskSearch) {
    this.#replica = replica;
    this.#ask = ask;
  }

  open(request: SearchRequest): Search {
    const finding = import('./finder.ts').then(({ Finder }) => new Finder(request, this.#replica, this.#ask));
    const begun: Begun = new Begun(finding, () => this.#open.delete(begun));
    this.#open.add(begun);
    return begun;
  }

  /** There is a connection again. */
  retry(): void {
    for (const begun of this.#open) begun.retry();
  }
}

/** A search from the moment at which it is asked for. */
class Begun implements Search {
  readonly #finding: Promise<Finder>;
  readonly #onClose: () => void;
  readonly #subscribers = new Set<() => void>();
  #finder: Finder | null = null;
  #view = NOTHING_YET;
  #closed = false;

  constructor(finding: Promise<Finder>, onClose: () => void) {
    this.#onClose = onClose;
    this.#finding = finding;
    finding.then(
      (finder) => this.#begin(finder),
      () => {
        this.#view = { ...NOTHING_YET, looking: false, failed: 'offline' };
        this.#tell();
      },
    );
  }

  #begin(finder: Finder): void {
    if (this.#closed) {
      finder.close();
      return;
    }
    this.#finder = finder;
    finder.subscribe(() => this.#tell());
    this.#tell();
  }

  #tell(): void {
    for (const run of [...this.#subscribers]) run();
  }

  view = () => this.#finder?.view() ?? this.#view;

  subscribe(run: () => void): () => void {
    this.#subscribers.add(run);
    return () => this.#subscribers.delete(run);
  }

  loadMore = async () => (await this.#finding).loadMore();
  settled = async () => (await this.#finding).settled();
  retry = () => this.#finder?.retry();

  close(): void {
    this.#closed = true;
    this.#finder?.close();
    this.#subscribers.clear();
    this.#onClose();
  }
}
