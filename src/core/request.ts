/**
 * Among strangers a direct conversation begins as a request: whoever writes first asks, and the other answers by
 * accepting or by writing. Until then neither learns more of the other than that one message. Answered, it stays so.
 * Whoever joined the server by the other's invitation has answered by that.
 */
import type { Entry, RequestStage } from '../protocol/entities.ts';

export interface Request {
  readonly state: 'open' | 'asked' | 'accepted' | 'invited';
  /** Who asks, or has invited; null while nobody has written. */
  readonly by: string | null;
  /** The seq of the entry that last changed it. */
  readonly stamp: number;
  /** When that was, in log time. */
  readonly at: number;
}

/** The request after the next entry; one that is ahead of the fold, from a projection, holds it already. */
export function followRequest(request: Request | null, entry: Entry): Request | null {
  const { seq, at } = entry;
  if (request && seq <= request.stamp) return request;
  if (entry.kind === 'created') {
    if (entry.invitation) return { state: 'invited', by: entry.sender, stamp: seq, at };
    return entry.request ? { state: 'open', by: null, stamp: seq, at } : null;
  }
  if (!request || !isUnanswered(request)) return request;
  if (entry.kind === 'accepted') return { ...request, state: 'accepted', stamp: seq, at };
  if (entry.kind !== 'message' || entry.sender === request.by) return request;
  if (request.by === null) return { state: 'asked', by: entry.sender, stamp: seq, at };
  return { ...request, state: 'accepted', stamp: seq, at };
}

/** Whether those in it are strangers to each other still. */
export function isUnanswered(request: Request | null): boolean {
  return request !== null && (request.state === 'open' || request.state === 'asked');
}

/** Whether it was answered between these two states of it. */
export function isAnswer(before: Request | null, after: Request | null): boolean {
  return isUnanswered(before) && !isUnanswered(after);
}

/** What it is to one of both; undefined once it is a conversation like others. */
export function stageFor(request: Request | null, user: string): RequestStage | undefined {
  if (!request || !isUnanswered(request)) return undefined;
  if (request.by === null) return 'open';
  return request.by === user ? 'sent' : 'received';
}

/** The same, folded by whoever knows only the own side of it. */
export function followStage(stage: RequestStage | undefined, entry: Entry, user: string): RequestStage | undefined {
  if (stage === undefined || entry.kind === 'accepted') return undefined;
  if (entry.kind !== 'message') return stage;
  const next = entry.sender === user ? 'sent' : 'received';
  return stage === 'open' || stage === next ? next : undefined;
}
