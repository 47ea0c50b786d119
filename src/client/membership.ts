/** The part of a messenger that is about the server's people: inviting, devices, and running it. */
import type { CommandName, Request, Result } from '../protocol/commands.ts';
import type { Community } from '../protocol/community.ts';
import type { Profile } from '../protocol/entities.ts';
import type { Reason, Report } from '../protocol/reports.ts';

export abstract class Membership {
  protected abstract ask<N extends CommandName>(type: N, fields: Request<N>): Promise<Result<N>>;
  /** Repeats what may be repeated. */
  protected abstract insist<T>(run: () => Promise<T>): Promise<T>;
  protected abstract newKey(): string;
  /** The keys of reports that were not answered: said once more, each is the same one. */
  readonly #reporting = new Map<string, string>();
  protected abstract heardOf(community: Community): void;

  invite = (options: Partial<Request<'invite'>> = {}) =>
    this.ask('invite', { conversation: null, role: 'person', uses: 1, hours: 168, ...options });
  invitations = (after: string | null = null, limit = 50) => this.ask('invitations', { after, limit });
  addDevice = () => this.ask('addDevice', {});
  accounts = (query = '', after: string | null = null, limit = 50) => this.ask('accounts', { query, after, limit });
  signInLink = (user: string) => this.ask('signInLink', { user });

  async report(about: string, reason: Reason, options: Pick<Request<'report'>, 'message'> & { comment?: string } = {}) {
    const { comment = '', message } = options;
    const told = { about, reason, comment, ...(message === undefined ? {} : { message }) };
    const name = JSON.stringify(told);
    const key = this.#reporting.get(name) ?? this.newKey();
    this.#reporting.set(name, key);
    await this.ask('report', { key, ...told });
    this.#reporting.delete(name);
  }

  reports = (open: boolean, after: string | null = null, limit = 50) => this.ask('reports', { open, after, limit });

  async settleReport(report: string, done = true): Promise<Report> {
    return (await this.insist(() => this.ask('settleReport', { report, done }))).report;
  }

  async community(): Promise<Community> {
    const community = await this.ask('community', {});
    this.heardOf(community);
    return community;
  }

  async changeCommunity(change: Request<'changeCommunity'>): Promise<Community> {
    const community = await this.insist(() => this.ask('changeCommunity', change));
    this.heardOf(community);
    return community;
  }

  async devices() {
    return (await this.ask('devices', {})).devices;
  }

  async revokeDevice(device: string): Promise<void> {
    await this.insist(() => this.ask('revoke', { device }));
  }

  notifications = () => this.ask('notifications', {});
  testNotification = () => this.ask('testNotification', {});

  async subscribePush(subscription: Request<'subscribe'>): Promise<void> {
    await this.insist(() => this.ask('subscribe', subscription));
  }

  async unsubscribePush(): Promise<void> {
    await this.insist(() => this.ask('unsubscribe', {}));
  }

  async uninvite(invitation: string): Promise<void> {
    await this.insist(() => this.ask('uninvite', { invitation }));
  }

  async useInvitation(code: string): Promise<string | null> {
    return (await this.insist(() => this.ask('useInvitation', { code }))).conversation;
  }

  async setServerRole(user: string, role: Request<'setServerRole'>['role']): Promise<Profile> {
    return (await this.insist(() => this.ask('setServerRole', { user, role }))).profile;
  }

  async deactivate(user: string): Promise<Profile> {
    return (await this.insist(() => this.ask('deactivate', { user }))).profile;
  }

  async reactivate(user: string): Promise<Profile> {
    return (await this.insist(() => this.ask('reactivate', { user }))).profile;
  }
}
