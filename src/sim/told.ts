/** What servers say, heard at the moment at which they let it go, whether or not it arrives. */
import type { Found } from '../check/checker.ts';
import type { Entry, Mark, Presence, Summary } from '../protocol/entities.ts';
import { type CommandFrame, isReply, type ServerFrame } from '../protocol/frames.ts';
import type { Store } from '../store/store.ts';
import { checkTold, type Moment } from './keeping.ts';
import type { Ledger } from './ledger.ts';
import { checkOwed } from './observed.ts';
import { idFor } from './people.ts';
import type { ProcessClock } from './time.ts';

export interface Hearing {
  acked(user: string, conversation: string, key: string, seq: number): void;
  /** Entries on their way to a device of this user; `asked`: what was known when it asked, null when it did not. */
  shown(user: string, conversation: string, entries: readonly Entry[], asked: Moment | null, by?: number | null): void;
  /** How many deletions are acknowledged, and entries known. */
  acknowledged(): Omit<Moment, 'by'>;
  /** What a device of this user is told of what others have received, read, or type. */
  marks(user: string, conversation: string, marks: readonly Pick<Mark, 'user' | 'delivered' | 'read'>[]): void;
  typing(user: string, conversation: string): void;
  presence(user: string, presence: readonly Presence[]): void;
  /** A position was too old. */
  snapshot(): void;
}

/** For so long at most a push may be on its way from server to server. */
const PUSH_MS = 2_000;
/** So long after a server's clock was put, what it pushes may have been judged before. */
const STEADY_MS = 5_000;

const nothing = () => {};
export const NOBODY_LISTENS: Hearing = {
  acked: nothing,
  shown: nothing,
  acknowledged: () => ({ deletions: 0, learnt: 0 }),
  marks: nothing,
  typing: nothing,
  presence: nothing,
  snapshot: nothing,
};

/** An ack's message is durable at that seq and its fan-out owed or done; nobody is told what is not theirs to see. */
export function hearing(
  ledger: Ledger,
  store: () => Store | null,
  now: () => number,
  onSnapshot: () => void,
  found: Found,
): Hearing {
  return {
    acknowledged: () => ({ deletions: ledger.acked.length, learnt: ledger.learnt }),
    snapshot: onSnapshot,
    acked(user, conversation, key, seq) {
      const known = ledger.log(conversation).seqs.get(`${user} ${key}`);
      if (known !== seq) found('lost', `${key} is acked as ${seq} of ${conversation}, and is ${known} there`);
      const entry = ledger.log(conversation).entries[seq - 1];
      if (entry?.kind === 'deleted') ledger.acked.push({ conversation, target: entry.target, at: now() });
      const opened = store();
      if (opened) void checkOwed(opened, conversation, seq, found);
    },
    shown(user, conversation, entries, asked, by = asked?.by ?? null) {
      const log = ledger.log(conversation);
      checkTold(log, `${conversation} told to ${user}`, entries, by, asked?.learnt ?? null, found);
      const gone = new Set(
        ledger.acked
          .filter(({ at }, i) => (asked === null ? at < now() - PUSH_MS : i < asked.deletions))
          .filter((deletion) => deletion.conversation === conversation)
          .map(({ target }) => target),
      );
      for (const entry of entries) {
        if (!('body' in entry) || entry.body === null) continue;
        const target = entry.kind === 'edited' ? entry.target : entry.seq;
        if (gone.has(target)) found('resurrected', `${entry.seq} of ${conversation}, deleted, is told to ${user}`);
        if (!log.maySee(user, target))
          found('resurrected', `words of ${target} of ${conversation} are told to ${user}`);
      }
      for (const { seq } of entries) {
        if (!log.maySee(user, seq))
          found('resurrected', `${seq} of ${conversation} is told to ${user}, who may not see it`);
      }
    },
    marks(user, conversation, marks) {
      if (!ledger.log(conversation).isRequest) return;
      for (const mark of marks) {
        if (mark.user === user || Math.max(mark.delivered, mark.read) === 0) continue;
        found('intruded', `${user} is told the mark of ${mark.user} in ${conversation}, which is not accepted`);
      }
    },
    typing(user, conversation) {
      if (!ledger.log(conversation).isRequest) return;
      found('intruded', `${user} is told who types in ${conversation}, which is not accepted`);
    },
    presence(user, presence) {
      if (!ledger.areStrangers) return;
      for (const seen of presence) {
        const told = seen.online || seen.lastSeen !== null || seen.vague !== null;
        if (!told || seen.user === user) continue;
        if (ledger.haveAccepted(user, seen.user) || ledger.shareGroup(user, seen.user)) continue;
        found('intruded', `${user} is told whether ${seen.user}, a stranger, is here`);
      }
    },
  };
}

/** One connection's, or one request's: which conversation each answer is about. */
export class Told {
  readonly #asked = new Map<number, string>();
  /** What was known when each was asked, and how often the server's clock had been put. */
  readonly #since = new Map<number, Moment & { readonly jumps: number }>();
  /** Of the server that is spoken to. */
  clock: ProcessClock | null = null;
  readonly #user: string;
  readonly #hearing: Hearing;

  constructor(device: string, listener: Hearing) {
    this.#user = idFor(device.split('/')[0]!);
    this.#hearing = listener;
  }

  asked(frames: readonly CommandFrame[]): void {
    for (const frame of frames) {
      const { clock } = this;
      const at = { by: clock?.now() ?? null, jumps: clock?.jumps ?? 0 };
      this.#since.set(frame.id, { ...this.#hearing.acknowledged(), ...at });
      if (frame.type === 'send' || frame.type === 'marks') this.#asked.set(frame.id, frame.conversation);
    }
  }

  said(frames: readonly ServerFrame[]): void {
    for (const frame of frames) {
      if (!isReply(frame)) {
        if (frame.type === 'message') this.#pushed(frame);
        else if (frame.type === 'receipts') this.#hearing.marks(this.#user, frame.conversation, frame.marks);
        else if (frame.type === 'typing') this.#hearing.typing(this.#user, frame.conversation);
        else if (frame.type === 'presence') this.#hearing.presence(this.#user, frame.presence);
      } else if ('result' in frame) this.#answered(frame.re, frame.result);
    }
  }

  #answered(re: number, result: Extract<ServerFrame, { result: unknown }>['result']): void {
    const conversation = this.#asked.get(re);
    const since = this.#momentOf(re);
    if ('snapshot' in result && result.snapshot) this.#hearing.snapshot();
    if ('results' in result && conversation !== undefined) {
      for (const sent of result.results) {
        if ('seq' in sent) this.#hearing.acked(this.#user, conversation, sent.key, sent.seq);
      }
    } else if ('slices' in result) {
      for (const slice of result.slices) this.#hearing.shown(this.#user, slice.conversation, slice.entries, since);
    } else if ('conversation' in result && 'from' in result) {
      this.#hearing.shown(this.#user, result.conversation, result.entries, since);
    } else if ('marks' in result && conversation !== undefined) {
      this.#hearing.marks(this.#user, conversation, result.marks);
    } else if ('presence' in result) this.#hearing.presence(this.#user, result.presence);
    else if ('conversations' in result) this.#summarized(result.conversations, since);
  }

  /** A push judges by the clock of now; what was being written in its last moment is on its way. */
  #pushed({ conversation, entries }: Extract<ServerFrame, { type: 'message' }>): void {
    const { clock } = this;
    const isSteady = clock !== null && clock.monotonic() - clock.jumpedAt > STEADY_MS;
    this.#hearing.shown(this.#user, conversation, entries, null, isSteady ? clock.now() - PUSH_MS : null);
  }

  #momentOf(re: number): Moment {
    const asked = this.#since.get(re);
    if (!asked) return { deletions: 0, learnt: 0, by: null };
    return asked.jumps === this.clock?.jumps ? asked : { ...asked, by: null };
  }

  #summarized(summaries: readonly Summary[], since: Moment): void {
    for (const { id, marks, last } of summaries) {
      this.#hearing.marks(this.#user, id, marks);
      if (last) this.#hearing.shown(this.#user, id, [last], since);
    }
  }
}
