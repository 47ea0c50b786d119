/** The part of a messenger that changes a conversation, or a message that stands in it. */
import { attachedTo } from '../core/attached.ts';
import type { Request, Result } from '../protocol/commands.ts';
import type { Draft, FileInfo, Lifetime, Profile, Role } from '../protocol/entities.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Recorded } from './annals.ts';
import type { Messenger } from './api.ts';
import { Creating } from './creating.ts';
import { RequestFailed } from './failed.ts';
import type { QueuedAct } from './outbox-item.ts';
import { type InboxView, type MessageView, viewMessage } from './views.ts';

export type Act = Draft extends infer D ? (D extends unknown ? Omit<D, 'key' | 'baseSeq'> : never) : never;
type Versions = Result<'versions'>['versions'];

export abstract class Acting extends Creating {
  /** Appends it once, or rejects with why not. */
  protected abstract act(conversation: string, act: Act): Promise<void>;
  /** Shows it at once and keeps it until it is stored, or rejects with why it is refused. */
  protected abstract queue(conversation: string, act: QueuedAct): Promise<void>;
  /** The message as it is held here, else null. */
  protected abstract held(conversation: string, seq: number): Promise<Recorded | null>;
  /** Fetches what stands around it. */
  protected abstract fetch(conversation: string, place: Request<'history'>['place'], limit: number): Promise<void>;
  /** The members who are called by name. */
  protected abstract called(conversation: string, text: string): string[];
  protected abstract learnProfile: (profile: Profile) => void;
  abstract set(key: string, value: string): Promise<void>;
  abstract inbox: () => InboxView;
  abstract profile: (user: string) => Profile | null;
  abstract loadMoreConversations: () => Promise<void>;
  abstract markRead: (conversation: string, seq: number) => Promise<void>;
  abstract send(
    conversation: string,
    text: string,
    options?: { forwarded?: boolean; files?: readonly FileInfo[] },
  ): Promise<string>;

  setDisplayName = (displayName: string) => this.#changeProfile({ displayName });
  setPicture: Messenger['setPicture'] = (picture) => this.#changeProfile({ picture: picture?.id ?? null });

  async #changeProfile(change: Request<'profile'>): Promise<Profile> {
    const { profile } = await this.insist(() => this.ask('profile', change));
    this.learnProfile(profile);
    return profile;
  }

  accept = (id: string) => this.act(id, { kind: 'accepted' });
  addMembers = (id: string, users: readonly string[]) => this.act(id, { kind: 'added', users: [...users] });
  removeMember = (id: string, user: string) => this.act(id, { kind: 'removed', user });
  leave = (id: string) => this.act(id, { kind: 'left' });
  rename = (id: string, title: string) => this.act(id, { kind: 'renamed', title });
  setGroupPicture = (id: string, picture: FileInfo | null) =>
    this.act(id, { kind: 'pictured', picture: picture?.id ?? null });
  setLifetime = (id: string, lifetime: Lifetime) => this.act(id, { kind: 'lifetime', lifetime });
  remove = (id: string) => this.set(settingKey.remove(id), '1');
  setRole = (id: string, user: string, role: Role) => this.act(id, { kind: 'role', user, role });

  addresses = (conversation: string, files: readonly string[]) =>
    this.ask('addresses', { conversation, files: [...files] });
  async receipts(conversation: string, seq: number) {
    return (await this.ask('receipts', { conversation, seq })).receipts;
  }

  block = (user: string) => this.set(settingKey.block(user), '1');
  unblock = (user: string) => this.set(settingKey.block(user), '');
  decline = (id: string, on = true) => this.set(settingKey.decline(id), on ? '1' : '');
  mute = (id: string, on: boolean) => this.set(settingKey.mute(id), on ? '1' : '');
  pin = (id: string, on: boolean) => this.set(settingKey.pin(id), on ? '1' : '');
  archive = (id: string, on: boolean) => this.set(settingKey.archive(id), on ? '1' : '');

  async members(conversation: string, after: string | null = null, limit = 100, query = '') {
    const page = await this.ask('members', { conversation, after, limit, ...(query === '' ? {} : { query }) });
    const members = page.members.map(({ user, role }) => ({ user, role, profile: this.profile(user) }));
    return { members, next: page.next };
  }

  async markAllRead(): Promise<number> {
    // Of those that cannot be listed now, nothing is known.
    await this.loadMoreConversations().catch(() => {});
    const unread = this.inbox().conversations.filter((view) => view.unread > 0 && view.request === null);
    await Promise.all(unread.map(({ id, head }) => this.markRead(id, head)));
    return unread.length;
  }

  deleteMessage = (id: string, target: number) => this.queue(id, { kind: 'deleted', target });
  react = (id: string, target: number, emoji: string) => this.queue(id, { kind: 'reacted', target, emoji });
  pinMessage = (id: string, target: number, pinned = true) => this.queue(id, { kind: 'pinned', target, pinned });
  hideMessage = (id: string, seq: number, on = true) => this.set(settingKey.hide(id, seq), on ? '1' : '');

  editMessage(id: string, target: number, text: string, options: { mentions?: readonly string[] } = {}): Promise<void> {
    const mentions = [...(options.mentions ?? this.called(id, text))];
    const body = { v: 1 as const, text };
    return this.queue(id, { kind: 'edited', target, ...(mentions.length > 0 ? { mentions } : {}), body });
  }

  async message(conversation: string, seq: number): Promise<MessageView | null> {
    let found = await this.held(conversation, seq);
    if (!found) {
      await this.fetch(conversation, { around: seq }, 1);
      found = await this.held(conversation, seq);
    }
    return found && viewMessage(found.entry, found.annotations);
  }

  async forwardMessage(from: string, seq: number, to: readonly string[]): Promise<readonly string[]> {
    const entry = (await this.message(from, seq))?.entry;
    const body = entry?.body;
    if (!body) throw new RequestFailed({ code: 'not_found' });
    const ids = attachedTo(entry).map(({ id }) => id);
    if (ids.length === 0) {
      return Promise.all(to.map((conversation) => this.send(conversation, body.text, { forwarded: true })));
    }
    const keys: string[] = [];
    for (const conversation of to) {
      const key = this.newKey();
      const { files } = await this.insist(() => this.ask('forwardFiles', { key, from, to: conversation, files: ids }));
      keys.push(await this.send(conversation, body.text, { forwarded: true, files }));
    }
    return keys;
  }

  async versions(conversation: string, seq: number): Promise<Versions> {
    const versions: Versions = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: Result<'versions'> = await this.ask('versions', { conversation, seq, after });
      versions.push(...page.versions);
      after = page.next;
    }
    return versions;
  }
}
