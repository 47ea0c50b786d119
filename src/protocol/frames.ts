/**
 * The envelope. A WebSocket text message holds one frame or an array of frames; so does the body of a long poll's
 * answer. Commands may be answered in any order, except that events and answers about one conversation keep theirs.
 */
import type { CommandName, Request, Result } from './commands.ts';
import type { Failure } from './errors.ts';
import type { Event } from './events.ts';

export type CommandFrame<N extends CommandName = CommandName> = {
  [K in N]: { readonly id: number; readonly type: K } & Request<K>;
}[N];

export type Reply<N extends CommandName = CommandName> =
  | { readonly re: number; readonly result: Result<N> }
  /** `re` is null when not even the frame's id could be read. */
  | { readonly re: number | null; readonly error: Failure };

export type ServerFrame = Reply | Event;

export function isReply(frame: ServerFrame): frame is Reply {
  return 're' in frame;
}
