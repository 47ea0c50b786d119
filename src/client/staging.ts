/** Files that were chosen for a message that is not written to its end: with their bytes on this device, and no other. */
import type { Random } from '../core/clock.ts';
import { ATTACHMENTS_MAX } from '../protocol/limits.ts';
import type { Contents } from './contents.ts';
import type { Replica } from './replica.ts';
import type { NewFile, StagedFile } from './views.ts';

const NONE: readonly StagedFile[] = [];
const rowOf = (conversation: string) => `f/${conversation}`;

export class Staging {
  readonly #replica: Replica;
  readonly #contents: Contents;
  readonly #random: Random;
  readonly #files = new Map<string, readonly StagedFile[]>();

  constructor(replica: Replica, contents: Contents, random: Random) {
    this.#replica = replica;
    this.#contents = contents;
    this.#random = random;
  }

  async load(): Promise<void> {
    for await (const [conversation, files] of this.#replica.all('f/')) {
      const isOver = this.#replica.conversations.get(conversation)?.member === false;
      if (isOver) this.#replica.stage({ kind: 'delete', key: rowOf(conversation) });
      else this.#files.set(conversation, files as StagedFile[]);
    }
  }

  get(conversation: string): readonly StagedFile[] {
    return this.#files.get(conversation) ?? NONE;
  }

  keys(): readonly string[] {
    return [...this.#files.values()].flatMap((files) => files.map(({ key }) => key));
  }

  /** They show at once. */
  async add(conversation: string, files: readonly NewFile[]): Promise<readonly string[]> {
    const room = ATTACHMENTS_MAX - this.get(conversation).length;
    const added = files.slice(0, Math.max(0, room)).map((file) => this.keep(file));
    this.#set(conversation, [...this.get(conversation), ...added]);
    const keys = added.map(({ key }) => key);
    await this.#contents.kept(keys);
    await this.#replica.flushed();
    return keys;
  }

  keep({ content, name, as = 'file', width, height }: NewFile): StagedFile {
    const key = this.#random.id();
    void this.#contents.keep(key, content);
    const size = width === undefined || height === undefined ? {} : { width, height };
    return { key, name, bytes: content.size, as, ...size };
  }

  remove(conversation: string, key: string): void {
    const files = this.get(conversation);
    if (!files.some((file) => file.key === key)) return;
    this.#set(
      conversation,
      files.filter((file) => file.key !== key),
    );
    this.#contents.drop([key]);
  }

  /** They are in a message now. */
  take(conversation: string): readonly StagedFile[] {
    const files = this.get(conversation);
    if (files.length > 0) this.#set(conversation, NONE);
    return files;
  }

  #set(conversation: string, files: readonly StagedFile[]): void {
    if (files.length > 0) this.#files.set(conversation, files);
    else this.#files.delete(conversation);
    if (files.length > 0) this.#replica.put(rowOf(conversation), files);
    else this.#replica.stage({ kind: 'delete', key: rowOf(conversation) });
    this.#replica.hooks.changed(conversation);
  }
}
