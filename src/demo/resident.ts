/** One of the sample people, and what they say to the server. */
import { createMessenger, type Messenger, type Random, type Session, type Storage } from '../client/index.ts';
import type { CommandName, Request } from '../protocol/commands.ts';
import type { Reply } from '../protocol/frames.ts';
import type { Person } from './talk.ts';

/** On one device. */
export interface Resident {
  readonly person: Person;
  readonly session: Session;
  /** Outlives the messenger: closed and opened again it is the same device. */
  readonly storage: Storage;
  messenger: Messenger;
}

export type Residents = ReadonlyMap<string, Resident>;

type Device = Pick<Resident, 'session' | 'storage'>;

/** `random`: where the keys come from, and with them the ids of groups. */
export async function open(server: string, { session, storage }: Device, random?: Random) {
  const messenger = await createMessenger({ server, session, storage, ...(random ? { random } : {}) });
  await messenger.caughtUp();
  return messenger;
}

/** Over HTTP, for what a messenger says later, or cannot say any more. */
export async function ask<N extends CommandName>(server: string, { token }: Session, type: N, fields: Request<N>) {
  const answer = await fetch(`${server}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify([{ id: 1, type, ...fields }]),
  });
  const [reply] = (await answer.json()) as Reply<N>[];
  if (!reply || 'error' in reply) throw new Error(`The server did not take “${type}”: ${JSON.stringify(reply)}`);
  return reply.result;
}
