/**
 * Brings up the files of messages in the outbox: of each conversation one at a time, in the order of writing, of a few
 * conversations side by side. What is cut goes on when the connection is back.
 */
import { backoff, type Clock, type Random } from '../core/clock.ts';
import type { FileInfo } from '../protocol/entities.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { Contents } from './contents.ts';
import { codeOf, mayRetry, RequestFailed } from './failed.ts';
import type { StagedFile } from './views.ts';

const SIDE_BY_SIDE = 3;

export interface Carried extends StagedFile {
  readonly conversation: string;
  /** Null when the bytes are gone: the upload may be finished all the same. */
  readonly content: Blob | null;
  readonly progress: (bytes: number) => void;
  /** A try before failed without a part that came through. */
  readonly slow: boolean;
  readonly signal: AbortSignal;
}

/** How bytes come to the server. */
export interface Carrier {
  /** One try. */
  upload(file: Carried): Promise<FileInfo>;
  cancel(key: string): Promise<void>;
}

export interface UploadingHooks {
  isOnline(): boolean;
  /** It is known to be further, or to be held up by this. */
  moved(message: string, held: ErrorCode | null): void;
  done(message: string, key: string, file: FileInfo): void;
  refused(message: string, key: string, code: ErrorCode): void;
}

interface Job {
  readonly conversation: string;
  /** The key of the message. */
  readonly message: string;
  readonly file: StagedFile;
  sent: number;
  tries: number;
  /** Ends what it is at: a try, or a pause. */
  stop: (() => void) | null;
  paused: boolean;
}

export class Uploading {
  readonly #carrier: Carrier | null;
  readonly #contents: Contents;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #hooks: UploadingHooks;
  /** In the order of writing, by the key of the file. */
  readonly #jobs = new Map<string, Job>();
  #stopped = false;

  constructor(carrier: Carrier | null, contents: Contents, clock: Clock, random: Random, hooks: UploadingHooks) {
    this.#carrier = carrier;
    this.#contents = contents;
    this.#clock = clock;
    this.#random = random;
    this.#hooks = hooks;
  }

  /** How much of it is on the server. */
  sent(key: string): number {
    return this.#jobs.get(key)?.sent ?? 0;
  }

  add(conversation: string, message: string, files: readonly StagedFile[]): void {
    for (const file of files) {
      const fresh = { conversation, message, file, sent: 0, tries: 0, stop: null, paused: false };
      if (!this.#jobs.has(file.key)) this.#jobs.set(file.key, fresh);
    }
    this.#pump();
  }

  /** Neither they nor their bytes are of use any more: `given up` also on the server. */
  drop(files: readonly StagedFile[], why: 'sent' | 'given up'): void {
    const keys = files.map(({ key }) => key);
    for (const key of keys) {
      const job = this.#jobs.get(key);
      this.#jobs.delete(key);
      job?.stop?.();
      // What cannot be asked for now the server takes away in a day.
      if (why === 'given up') void this.#carrier?.cancel(key).catch(() => {});
    }
    this.#contents.drop(keys);
    this.#pump();
  }

  /** Connected again: what waits goes on at once. */
  wake(): void {
    for (const job of this.#jobs.values()) {
      if (!job.paused) continue;
      job.stop?.();
      Object.assign(job, { stop: null, paused: false, tries: 0 });
    }
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    for (const job of this.#jobs.values()) job.stop?.();
  }

  #pump(): void {
    if (!this.#carrier || this.#stopped || !this.#hooks.isOnline()) return;
    const busy = new Set<string>();
    for (const job of this.#jobs.values()) if (job.stop) busy.add(job.conversation);
    for (const job of this.#jobs.values()) {
      if (busy.size >= SIDE_BY_SIDE) return;
      if (busy.has(job.conversation)) continue;
      busy.add(job.conversation);
      void this.#run(this.#carrier, job);
    }
  }

  async #run(carrier: Carrier, job: Job): Promise<void> {
    const { conversation, message, file } = job;
    const { key } = file;
    const stop = new AbortController();
    job.stop = () => stop.abort();
    const isOver = () => stop.signal.aborted || this.#stopped;
    const progress = (bytes: number) => {
      if (isOver()) return;
      if (bytes > job.sent) job.tries = 0;
      job.sent = bytes;
      this.#hooks.moved(message, null);
    };
    try {
      const content = await this.#contents.get(key);
      const info = await carrier.upload({
        ...file,
        conversation,
        content,
        progress,
        slow: job.tries > 0,
        signal: stop.signal,
      });
      if (isOver()) return;
      this.#jobs.delete(key);
      this.#hooks.done(message, key, info);
    } catch (error) {
      if (isOver()) return;
      const code = codeOf(error);
      if (code === 'offline' || code === 'wrong_offset' || mayRetry(code)) return this.#pause(job, error);
      this.#jobs.delete(key);
      this.#hooks.refused(message, key, code);
    }
    this.#pump();
  }

  #pause(job: Job, error: unknown): void {
    const code = codeOf(error);
    const leastMs = error instanceof RequestFailed ? error.retryAfterMs : 0;
    job.paused = true;
    job.stop = this.#clock.after(leastMs + backoff(this.#random, job.tries++, 200, 30_000), () => {
      Object.assign(job, { stop: null, paused: false });
      this.#pump();
    });
    this.#hooks.moved(job.message, code === 'offline' || code === 'wrong_offset' ? null : code);
  }
}
