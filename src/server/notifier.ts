/**
 * Tells devices that nobody looks at what has come, off the way of every message: after fan-out, in a queue with a bound.
 * A task is a device and a conversation, not a text: what is to be said is looked up anew at each attempt, so that what
 * was deleted, has expired or was read meanwhile is never said. Nothing of the queue is stored: what a crash takes from it
 * is not told, and stands in the list of conversations all the same.
 */
import { backoff } from '../core/clock.ts';
import { type Conversation, currentMembers } from '../core/conversation.ts';
import type { Result } from '../protocol/commands.ts';
import { idOf } from '../protocol/ids.ts';
import type { Notice } from '../protocol/push-commands.ts';
import type { PushMessage, PushOutcome } from '../push/push.ts';
import type { Connections } from './connections.ts';
import { failureOf } from './failed.ts';
import type { Notices, Owed } from './notices.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';
import type { Sighted } from './sighted.ts';
import type { Subscriptions } from './subscriptions.ts';
import { Told } from './told.ts';
import { Tries } from './tries.ts';

/** What comes so close together is told at once; what is on a screen is read within it. */
const GATHER_MS = 1_000;
/** How long other servers have to say whose screens show it. */
const ASK_MS = 200;
/** One device is told of one conversation at most this often. */
const EACH_MS = 5_000;
const TRIES_MAX = 10;
const RETRY_MS = { first: 5_000, most: 600_000 };
const TASKS_MAX = 10_000;
const RUNNING_MAX = 32;
const EXPIRED_MS = 30_000;
const CLOSE_TTL_S = 86_400;
const TESTS_PER_MINUTE = 6;
const ELSEWHERE_MAX = 1_000;
const SUBJECT = 'notify';

type Hint =
  /** Whose screens show this? */
  | { readonly kind: 'ask'; readonly conversation: string }
  | { readonly kind: 'shown'; readonly conversation: string; readonly users: readonly string[] }
  | { readonly kind: 'read'; readonly conversation: string; readonly user: string };

interface Task {
  readonly user: string;
  readonly device: string;
  readonly conversation: string;
  /** What is newer than this is news. */
  above: number;
  tries: number;
  state: 'waiting' | 'ready' | 'running' | 'again';
  cancel: () => void;
}

interface Parts {
  readonly subscriptions: Subscriptions;
  readonly notices: Notices;
  readonly sighted: Sighted;
  readonly connections: Connections;
}

export class Notifier {
  readonly #ports: NodePorts;
  readonly #parts: Parts;
  readonly #gathering = new Map<string, number>();
  readonly #tasks = new Map<string, Task>();
  readonly #told: Told;
  /** Whose screens show what, as other servers have said. */
  readonly #elsewhere = new Map<string, ReadonlySet<string>>();
  readonly #refusedBy = new Set<string>();
  readonly #tests: Tries;
  readonly #unsubscribe: () => void;
  #running = 0;
  #stopped = false;
  #cancel = () => {};

  constructor(ports: NodePorts, parts: Parts) {
    this.#ports = ports;
    this.#parts = parts;
    this.#told = new Told(ports.store, (error) => {
      if (!this.#stopped) ports.report(error, 'what devices were told of');
    });
    this.#tests = new Tries(ports.clock, TESTS_PER_MINUTE);
    this.#unsubscribe = ports.bus.subscribe(SUBJECT, (hint) => this.#heard(JSON.parse(hint) as Hint));
  }

  start(): void {
    if (!this.#ports.push) return;
    this.#watch();
    // What was read or has gone while no server ran is closed; nothing is told anew.
    this.#told.load(this.#ports.clock.monotonic()).then(
      (places) => {
        if (this.#stopped) return;
        for (const { conversation, user, device } of places.slice(0, TASKS_MAX)) {
          this.#add(conversation, user, device, Number.POSITIVE_INFINITY, GATHER_MS);
        }
      },
      (error) => {
        if (!this.#stopped) this.#ports.report(error, 'what devices were told of');
      },
    );
  }

  #watch(): void {
    this.#cancel = this.#ports.clock.after(EXPIRED_MS, () => this.#watch());
    for (const { conversation, user, device } of this.#told.expired(this.#ports.clock.now())) {
      this.#add(conversation, user, device, Number.POSITIVE_INFINITY, 0);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#unsubscribe();
    for (const task of this.#tasks.values()) task.cancel();
    this.#tasks.clear();
    await this.#told.written();
  }

  /** What came above `since` has reached everybody who is there. */
  owe(conversation: string, since: number): void {
    if (!this.#ports.push || this.#stopped) return;
    const gathering = this.#gathering.get(conversation);
    this.#gathering.set(conversation, Math.min(since, gathering ?? since));
    if (gathering === undefined) this.#ports.clock.after(GATHER_MS, () => void this.#gathered(conversation));
  }

  async #gathered(conversation: string): Promise<void> {
    const above = this.#gathering.get(conversation) ?? 0;
    this.#gathering.delete(conversation);
    if (this.#stopped) return;
    try {
      const state = await this.#parts.notices.state(conversation);
      const devices = await this.#devices(state);
      if (devices.length === 0) return;
      this.#publish({ kind: 'ask', conversation });
      for (const { user, device } of devices) this.#add(conversation, user, device, above, ASK_MS);
      this.#ports.clock.after(GATHER_MS, () => void this.#elsewhere.delete(conversation));
    } catch (error) {
      if (failureOf(error) === null) this.#ports.report(error, `notifications of ${conversation}`);
    }
  }

  /** Of its members, and of those who were told of it and are none any more. */
  async #devices(state: Conversation): Promise<Session[]> {
    const found = new Map<string, Session>(this.#told.of(state.id).map((place) => [place.device, place]));
    for (const user of state.channel ? await this.#parts.notices.called(state) : currentMembers(state)) {
      for (const device of await this.#parts.subscriptions.devices(user)) found.set(device, { user, device });
    }
    return [...found.values()];
  }

  /** The user has read in this conversation, on whichever device. */
  read(user: string, conversation: string): void {
    this.#close(user, conversation);
    if (this.#ports.push) this.#publish({ kind: 'read', user, conversation });
  }

  #close(user: string, conversation: string): void {
    for (const { device } of this.#told.of(conversation, user)) {
      // A page that is open sees it by itself.
      if (this.#parts.connections.ofDevice(device)) this.#told.forget(conversation, user, device);
      else this.#add(conversation, user, device, Number.POSITIVE_INFINITY, GATHER_MS);
    }
  }

  #publish(hint: Hint): void {
    this.#ports.bus.publish(SUBJECT, JSON.stringify(hint));
  }

  #heard(hint: Hint): void {
    const { conversation } = hint;
    switch (hint.kind) {
      case 'read':
        this.#close(hint.user, conversation);
        break;
      case 'shown':
        if (this.#elsewhere.size >= ELSEWHERE_MAX) this.#elsewhere.clear();
        this.#elsewhere.set(conversation, new Set([...(this.#elsewhere.get(conversation) ?? []), ...hint.users]));
        break;
      case 'ask': {
        const users = this.#parts.sighted.viewers(conversation);
        if (users.length > 0) this.#publish({ kind: 'shown', conversation, users });
      }
    }
  }

  #add(conversation: string, user: string, device: string, above: number, delayMs: number): void {
    const key = `${device} ${conversation}`;
    const known = this.#tasks.get(key);
    if (known) {
      known.above = Math.min(known.above, above);
      if (known.state === 'running') known.state = 'again';
      return;
    }
    if (this.#tasks.size >= TASKS_MAX) this.#dropOldest();
    const task: Task = { user, device, conversation, above, tries: 0, state: 'waiting', cancel: () => {} };
    this.#tasks.set(key, task);
    const last = this.#told.at(conversation, user, device)?.at ?? Number.NEGATIVE_INFINITY;
    this.#arm(task, Math.max(delayMs, last + EACH_MS - this.#ports.clock.monotonic()));
  }

  #dropOldest(): void {
    for (const [key, task] of this.#tasks) {
      if (task.state === 'running' || task.state === 'again') continue;
      task.cancel();
      this.#tasks.delete(key);
      return;
    }
  }

  #arm(task: Task, delayMs: number): void {
    task.state = 'waiting';
    task.cancel = this.#ports.clock.after(delayMs, () => {
      task.state = 'ready';
      this.#next();
    });
  }

  #next(): void {
    for (const [key, task] of this.#tasks) {
      if (this.#running >= RUNNING_MAX || this.#stopped) return;
      if (task.state === 'ready') void this.#run(key, task);
    }
  }

  async #run(key: string, task: Task): Promise<void> {
    task.state = 'running';
    this.#running++;
    let waitMs: number | null = null;
    try {
      waitMs = await this.#attempt(task);
    } catch (error) {
      // The store does not answer just now.
      if (failureOf(error) === null) this.#ports.report(error, `a notification of ${task.conversation}`);
      else waitMs = 0;
    }
    this.#running--;
    const again = (task.state as Task['state']) === 'again';
    if (waitMs !== null && task.tries < TRIES_MAX) {
      const { first, most } = RETRY_MS;
      this.#arm(task, Math.max(waitMs, backoff(this.#ports.random, task.tries++, first, most)));
    } else {
      this.#tasks.delete(key);
      if (again) this.#add(task.conversation, task.user, task.device, task.above, EACH_MS);
    }
    this.#next();
  }

  /** Null when nothing is left to do, else how long the service wants to be left alone. */
  async #attempt({ conversation, user, device, above }: Task): Promise<number | null> {
    const { sighted, notices } = this.#parts;
    const isSeen = sighted.shows(user, conversation) || this.#elsewhere.get(conversation)?.has(user);
    const owed = isSeen ? null : await notices.newest(user, conversation);
    const told = this.#told.at(conversation, user, device)?.seq ?? 0;
    const message = messageOf(conversation, owed, told, above);
    if (!message) return null;
    const outcome = await this.#send({ user, device }, conversation, message);
    if (outcome?.kind === 'later') return outcome.retryAfterMs ?? 0;
    if (outcome?.kind !== 'taken' || message.notice.kind !== 'message') this.#told.forget(conversation, user, device);
    else {
      const { seq } = message.notice;
      const at = this.#ports.clock.monotonic();
      this.#told.note(conversation, user, device, { seq, at, expires: owed?.expires ?? null });
    }
    return null;
  }

  /** Null when the device is not to be notified any more. */
  async #send(session: Session, about: string, { notice, ttlSeconds, urgency }: Message): Promise<PushOutcome | null> {
    const { push, directory, hash } = this.#ports;
    const { user, device } = session;
    const subscription = await this.#parts.subscriptions.at(user, device);
    if (!push || !subscription) return null;
    if (!(await directory.lives(session))) {
      await this.#parts.subscriptions.drop(user, device);
      return null;
    }
    const topic = idOf(hash(`topic ${device} ${about}`));
    const outcome = await push.send(subscription, { payload: JSON.stringify(notice), ttlSeconds, topic, urgency });
    if (outcome.kind === 'gone') await this.#parts.subscriptions.drop(user, device, subscription.endpoint);
    this.#complain(subscription.endpoint, outcome);
    return outcome;
  }

  /** Once for each service, until it takes something. */
  #complain(endpoint: string, { kind, status }: PushOutcome): void {
    const service = URL.parse(endpoint)?.origin ?? '';
    if (kind === 'taken') this.#refusedBy.delete(service);
    if (kind !== 'refused' || this.#refusedBy.has(service) || this.#refusedBy.size >= ELSEWHERE_MAX) return;
    this.#refusedBy.add(service);
    this.#ports.report(new Error(`${service} takes no notifications (${status ?? 'not asked'}).`), 'web push');
  }

  /** Whoever asks learns what the service says. */
  async test(session: Session): Promise<Result<'testNotification'>> {
    this.#tests.take(session.device);
    const how = { ttlSeconds: 60, urgency: 'high' } as const;
    const outcome = await this.#send(session, 'test', { ...how, notice: { v: 1, kind: 'test' } });
    return outcome ? { outcome: outcome.kind, status: outcome.status } : { outcome: 'none', status: null };
  }
}

type Message = Pick<PushMessage, 'ttlSeconds' | 'urgency'> & { readonly notice: Notice };

/** What the device is to be sent that was last told of the message `told` (0: of none); null for nothing. */
function messageOf(conversation: string, owed: Owed | null, told: number, above: number): Message | null {
  if (owed && owed.notice.seq > Math.max(told, above)) return owed;
  if (told === 0) return null;
  if (!owed) {
    const notice = { v: 1, kind: 'close', conversation, seq: told } as const;
    return { notice, ttlSeconds: CLOSE_TTL_S, urgency: 'normal' };
  }
  // What was told of last is gone, and something before it is not read.
  return owed.notice.seq < told ? { ...owed, notice: { ...owed.notice, quiet: true } } : null;
}
