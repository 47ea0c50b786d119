import { type Actor, type Conversation, roleOf } from '../core/conversation.ts';
import type { Founding } from '../core/founding.ts';
import type { SendResult } from '../protocol/commands.ts';
import type { Draft } from '../protocol/entities.ts';
import { idOf } from '../protocol/ids.ts';
import type { Recent } from './annotations.ts';
import { Failed } from './failed.ts';
import { type Appended, Lane } from './lane.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

/** A read may use state that was the head this long ago. */
const FRESH_MS = 2_000;
/** Lanes kept in memory; idle ones go when there are more. */
const LANES_MAX = 20_000;

/** The conversations that this server knows, each with its lane. */
export class Conversations {
  readonly #ports: NodePorts;
  readonly #onAppended: (appended: Appended) => void;
  readonly #lanesById = new Map<string, Lane>();

  constructor(ports: NodePorts, onAppended: (appended: Appended) => void) {
    this.#ports = ports;
    this.#onAppended = onAppended;
  }

  #lane(id: string): Lane {
    let lane = this.#lanesById.get(id);
    if (!lane) {
      if (this.#lanesById.size >= LANES_MAX) this.#evict();
      lane = new Lane(id, this.#ports, this.#onAppended);
      this.#lanesById.set(id, lane);
    }
    lane.usedAt = this.#ports.clock.monotonic();
    return lane;
  }

  #evict(): void {
    const idle = [...this.#lanesById].filter(([, lane]) => lane.idle).sort((a, b) => a[1].usedAt - b[1].usedAt);
    for (const [id] of idle.slice(0, LANES_MAX / 10)) this.#lanesById.delete(id);
  }

  /** The state, at most `FRESH_MS` old and never older than what this server has appended. */
  async state(id: string): Promise<Conversation> {
    const lane = this.#lane(id);
    if (!lane.loaded || lane.freshAt < this.#ports.clock.monotonic() - FRESH_MS) await lane.learn();
    return lane.state;
  }

  /** The state at a head that was learnt after the call. */
  async stateNow(id: string): Promise<Conversation> {
    const lane = this.#lane(id);
    // One that is under way may have read the head before the call.
    if (!lane.idle) await lane.learn();
    await lane.learn();
    return lane.state;
  }

  /** The state, if the user is a member now; otherwise the command ends `not_found`. */
  async stateFor(session: Session, id: string): Promise<Conversation> {
    const state = await this.state(id);
    if (roleOf(state, session.user) !== null) return state;
    const now = await this.stateNow(id);
    if (roleOf(now, session.user) === null) throw new Failed('not_found');
    return now;
  }

  /** The state at a head that is at least what this server has appended or heard of. */
  async stateAppended(id: string): Promise<Conversation> {
    const lane = this.#lane(id);
    if (!lane.loaded || lane.freshAt === Number.NEGATIVE_INFINITY) return this.stateNow(id);
    return lane.state;
  }

  /** What this server holds in memory, if anything. */
  held(id: string): Conversation | null {
    const lane = this.#lanesById.get(id);
    return lane?.loaded ? lane.state : null;
  }

  /** What the log says of its messages above what fan-out has raised, up to the state that was asked for last. */
  recent(id: string): Recent {
    return this.#lane(id).recent;
  }

  /** Something was heard of another server's append: the next read looks. */
  stale(id: string): void {
    this.#lanesById.get(id)?.stale();
  }

  send(actor: Actor, id: string, drafts: readonly Draft[]): Promise<SendResult[]> {
    return this.#lane(id).submit(actor, drafts);
  }

  /** Makes the conversation unless it is there; repeated, it makes one. */
  async found(session: Session, id: string, founding: Founding): Promise<Conversation> {
    const lane = this.#lane(id);
    const [result] = await lane.submit(session, [founding]);
    if (result && 'code' in result && result.code !== 'key_reused') {
      throw new Failed(
        result.code as never,
        result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs },
      );
    }
    return this.stateFor(session, id);
  }

  /** Ends one that is temporary as a whole and whose time has come; repeated, or at another time, it changes nothing. */
  async end(id: string): Promise<void> {
    const { by } = (await this.stateNow(id)).keeping;
    const key = this.#id(`end ${id}`);
    await this.#lane(id).submit({ user: by, device: key }, [{ kind: 'ended', key }]);
  }

  /** Lets the time of messages begin that this user has read; repeated, it changes nothing. */
  async startTimers(actor: Actor, id: string, targets: number[], seconds: number): Promise<void> {
    const key = this.#id(`started ${id} ${actor.user} ${targets.join(' ')}`);
    const [result] = await this.#lane(id).submit(actor, [{ kind: 'started', key, targets, seconds }]);
    if (!result || !('code' in result) || result.code === 'conversation_ended') return;
    throw new Failed(result.code as never, { retryAfterMs: result.retryAfterMs ?? 0 });
  }

  directId(a: string, b: string): string {
    return this.#id(`direct ${a < b ? `${a} ${b}` : `${b} ${a}`}`);
  }

  selfId(user: string): string {
    return this.#id(`self ${user}`);
  }

  /** Of a chat of two that is temporary as a whole, beside the one that stays. */
  temporaryId(creator: string, key: string): string {
    return this.#id(`temporary ${creator} ${key}`);
  }

  groupId(creator: string, key: string): string {
    return this.#id(`group ${creator} ${key}`);
  }

  #id(text: string): string {
    return idOf(this.#ports.hash(text));
  }
}
