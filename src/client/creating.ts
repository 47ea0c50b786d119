/** The part of a messenger that begins conversations. */
import type { Request, Result } from '../protocol/commands.ts';
import type { HistoryRule, Lifetime } from '../protocol/entities.ts';
import { Membership } from './membership.ts';

export abstract class Creating extends Membership {
  /** Holds it from now on. */
  protected abstract learn(conversation: Result<'create'>['conversation']): Promise<unknown>;

  async #create(create: Request<'create'>['create']): Promise<string> {
    const { conversation } = await this.insist(() => this.ask('create', { create }));
    await this.insist(() => this.learn(conversation));
    return conversation.id;
  }

  openSelf = () => this.#create({ kind: 'self' });
  openDirect = (user: string) => this.#create({ kind: 'direct', user });

  createTemporary(user: string, until?: number): Promise<string> {
    const lifetime: Lifetime = { kind: 'whole', ...(until && { until }) };
    return this.#create({ kind: 'direct', user, key: this.newKey(), lifetime });
  }

  createGroup(title: string, users: readonly string[], history: HistoryRule = 'joined', lifetime?: Lifetime) {
    const keeping = lifetime === undefined ? {} : { lifetime };
    return this.#create({ kind: 'group', key: this.newKey(), title, users: [...users], history, ...keeping });
  }
}
