import { endOf } from '../core/lifetime.ts';
import { utf8Bytes } from '../core/text.ts';
import type { Request, Result } from '../protocol/commands.ts';
import { BLOCKED_MAX, HIDDEN_MAX } from '../protocol/limits.ts';
import { isDraft, isSetting, settingKey } from '../protocol/settings.ts';
import type { Conversations } from './conversations.ts';
import { tidyLater } from './erasure.ts';
import { Failed } from './failed.ts';
import type { Feeds } from './feeds.ts';
import type { NodePorts } from './ports.ts';
import type { Presence } from './presence.ts';
import { mustExist } from './sends.ts';
import type { Session } from './session.ts';

/**
 * What a user may set: privacy, whom they block, and things about conversations that the user is or was in and messages in
 * them, a draft only of the own device; so there are never more settings than these make.
 */
export class Settings {
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;
  readonly #feeds: Feeds;
  readonly #presence: Presence;

  constructor(ports: NodePorts, conversations: Conversations, feeds: Feeds, presence: Presence) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.#feeds = feeds;
    this.#presence = presence;
  }

  async set({ user, device }: Session, { key, value }: Request<'set'>): Promise<Result<'set'>> {
    if (!isSetting(key, value)) throw new Failed('bad_frame', { path: isKey(key) ? '/value' : '/key' });
    if (utf8Bytes(value) > this.#ports.limits.settingBytes) throw new Failed('too_long');
    const [kind, conversation = '', about] = key.split('/');
    if (kind === 'block') return this.#block(user, conversation, value === '1');
    if (kind === 'draft' && about !== device) throw new Failed('not_allowed');
    if (kind !== 'privacy' && kind !== 'notify') await this.#mustKnow(user, conversation);
    if (kind === 'hide' && value === '1') await this.#mustHaveRoom(user, conversation, Number(about));
    if (isDraft(key)) return this.#begin(user, conversation, { key, value });
    const seq = await this.#feeds.add(user, { kind: 'set', key, value });
    if (key === settingKey.presence) this.#presence.changed(user);
    return { seq };
  }

  /** In its register once it is answered: the feed forgets the words of before. */
  async #begin(user: string, conversation: string, { key, value }: Request<'set'>): Promise<Result<'set'>> {
    const { keeping } = await this.#conversations.state(conversation);
    if (value !== '' && endOf(keeping, this.#ports.clock.now()) !== null) throw new Failed('conversation_ended');
    await tidyLater(this.#ports);
    const seq = await this.#feeds.add(user, { kind: 'set', key, value });
    await this.#feeds.project(user);
    return { seq };
  }

  /** In force on every server once it is answered. */
  async #block(user: string, other: string, on: boolean): Promise<Result<'set'>> {
    if (user === other) throw new Failed('not_allowed');
    await mustExist(this.#ports, [other]);
    const key = settingKey.block(other);
    const since = await this.#feeds.setting(user, key);
    if (on && since === '' && (await this.#feeds.countSettings(user, settingKey.block(''), BLOCKED_MAX)) >= BLOCKED_MAX)
      throw new Failed('too_many');
    const value = on ? since || String(this.#ports.clock.now()) : '';
    const seq = await this.#feeds.add(user, { kind: 'set', key, value });
    await this.#feeds.project(user);
    return { seq };
  }

  /** Only what is there is hidden, and not without end. */
  async #mustHaveRoom(user: string, conversation: string, seq: number): Promise<void> {
    if (seq > (await this.#conversations.stateNow(conversation)).head) throw new Failed('not_found');
    if ((await this.#feeds.countSettings(user, 'hide/', HIDDEN_MAX)) >= HIDDEN_MAX) throw new Failed('too_many');
  }

  async #mustKnow(user: string, conversation: string): Promise<void> {
    if ((await this.#conversations.state(conversation)).members.has(user)) return;
    if (!(await this.#conversations.stateNow(conversation)).members.has(user)) throw new Failed('not_found');
  }
}

function isKey(key: string): boolean {
  return ['', 'everyone'].some((value) => isSetting(key, value));
}
