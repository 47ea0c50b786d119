/** The part of a messenger that writes messages, and the files that go with them. */
import { Acting } from './acting.ts';
import type { SendOptions } from './api.ts';
import type { Contents } from './contents.ts';
import type { Drafts } from './drafts.ts';
import type { Outbox } from './outbox.ts';
import type { QueuedAct } from './outbox-item.ts';
import type { Staging } from './staging.ts';
import type { NewFile } from './views.ts';

export interface Writing {
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly staging: Staging;
  readonly contents: Contents;
}

export abstract class Sending extends Acting {
  protected abstract readonly writing: Writing;

  async send(conversation: string, text: string, options: SendOptions = {}): Promise<string> {
    const { outbox, drafts, staging } = this.writing;
    const { files = [], staged = false, ...rest } = options;
    const mentions = options.mentions ?? this.called(conversation, text);
    const fresh = files.flatMap((file) => ('content' in file ? staging.keep(file) : []));
    const own = [...fresh, ...(staged ? staging.take(conversation) : [])];
    const up = files.flatMap((file) => ('content' in file ? [] : file));
    const written = outbox.write({ conversation, text, ...rest, mentions, files: up, staged: own });
    drafts.sent(conversation, text);
    return written;
  }

  protected async queue(conversation: string, act: QueuedAct): Promise<void> {
    await this.writing.outbox.act(conversation, act);
  }

  stored = (key: string) => this.writing.outbox.stored(key);
  pending = (conversation: string) => this.writing.outbox.pending(conversation);
  discard = (key: string) => this.writing.outbox.discard(key);
  retry = (key: string, options: { as?: 'file' } = {}) => this.writing.outbox.retry(key, options.as);
  draft = (id: string, text: string) => this.writing.drafts.write(id, text);

  staged = (conversation: string) => this.writing.staging.get(conversation);
  stage = (conversation: string, files: readonly NewFile[]) => this.writing.staging.add(conversation, files);
  unstage = (conversation: string, key: string) => this.writing.staging.remove(conversation, key);
  content = (key: string) => this.writing.contents.get(key);
}
