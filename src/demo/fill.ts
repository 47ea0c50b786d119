/** Fills a server with sample people and what they have said, as any program would: through the SDK. */
import {
  createMessenger,
  type Messenger,
  memoryStorage,
  RequestFailed,
  type Session,
  type Storage,
  signUp,
} from '../client/index.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Line, Person, Sample, Talk } from './talk.ts';

const SIGN_UPS_AT_ONCE = 4;

/** One of the sample people, on one device. */
export interface Resident {
  readonly person: Person;
  readonly session: Session;
  /** Outlives the messenger: closed and opened again it is the same device. */
  readonly storage: Storage;
  messenger: Messenger;
}

export type Residents = ReadonlyMap<string, Resident>;

export interface Progress {
  readonly done: number;
  readonly of: number;
}

/**
 * Resolves with everybody, by name, when all is stored and told; connected then are those who stay or are lively. The
 * server must have nobody yet: its owner becomes the first of the people.
 */
export async function fill(server: string, sample: Sample, tell: (progress: Progress) => void): Promise<Residents> {
  const of = sample.people.length + sample.talks.length;
  let done = 0;
  const step = () => tell({ done: ++done, of });
  const residents = await moveIn(server, sample, step);
  const held = new Map<Talk, Held>();
  for (const talk of sample.talks) {
    held.set(talk, await hold(residents, talk));
    step();
  }
  await Promise.all([...held].flatMap(([talk, as]) => leaveAsTold(residents, talk, as)));
  const speakers = new Set(sample.talks.flatMap(({ late = [] }) => late.map(({ from }) => from)));
  await closeAll(residents, ({ name, stays, lively }) => !stays && !lively && !speakers.has(name));
  for (const [talk, { id }] of held) await say(residents, id, talk.late ?? []);
  await closeAll(residents, ({ name, stays, lively }) => !stays && !lively && speakers.has(name));
  return residents;
}

export async function open(server: string, { session, storage }: Pick<Resident, 'session' | 'storage'>) {
  const messenger = await createMessenger({ server, session, storage });
  await messenger.caughtUp();
  return messenger;
}

async function moveIn(server: string, { people, password }: Sample, step: () => void): Promise<Residents> {
  const residents = new Map<string, Resident>();
  const enter = async (person: Person) => {
    const { name, displayName } = person;
    const session = await patiently(() => signUp({ server, name, displayName, password, device: 'Demo' }));
    const storage = memoryStorage();
    residents.set(name, { person, session, storage, messenger: await open(server, { session, storage }) });
    step();
  };
  // The first account owns the server.
  const waiting = [...people];
  for (const first of waiting.splice(0, 1)) await enter(first);
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await enter(next);
  };
  await Promise.all(Array.from({ length: SIGN_UPS_AT_ONCE }, worker));
  return residents;
}

async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof RequestFailed) || error.retryAfterMs === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
    }
  }
}

function who(residents: Residents, name: string): Resident {
  const resident = residents.get(name);
  if (!resident) throw new Error(`Nobody of the sample is called ${name}.`);
  return resident;
}

/** Where a talk is held, and the seq of the last that was said. */
interface Held {
  readonly id: string;
  readonly head: number;
}

/** Begins a talk and has everything of it said. */
async function hold(residents: Residents, talk: Talk): Promise<Held> {
  const [first, ...others] = talk.people.map((name) => who(residents, name));
  const { messenger } = first!;
  const users = others.map(({ session }) => session.user);
  const id = await begin(messenger, talk, users);
  if (talk.kind === 'group') {
    for (const name of talk.admins ?? []) await messenger.setRole(id, who(residents, name).session.user, 'admin');
  }
  return { id, head: await say(residents, id, talk.lines) };
}

function begin(messenger: Messenger, talk: Talk, users: readonly string[]): Promise<string> {
  switch (talk.kind) {
    case 'self':
      return messenger.openSelf();
    case 'direct':
      return messenger.openDirect(users[0]!);
    case 'group':
      return messenger.createGroup(talk.title, users);
  }
}

/**
 * One after the other, but for what one person says in a row and for what crosses. Resolves with the greatest seq, 0
 * when nothing was said.
 */
async function say(residents: Residents, id: string, lines: readonly Line[]): Promise<number> {
  const seqs: number[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at + 1;
    while (end < lines.length && isAtOnce(lines[end]!, lines[end - 1]!.from)) end++;
    const stored = lines.slice(at, end).map(async ({ from, text, to }) => {
      const { messenger } = who(residents, from);
      const ref = to === undefined ? undefined : seqs[to];
      return messenger.stored(await messenger.send(id, text, ref === undefined ? {} : { ref }));
    });
    seqs.push(...(await Promise.all(stored)));
    at = end;
  }
  return Math.max(0, ...seqs);
}

function isAtOnce({ from, to, crosses }: Line, before: string): boolean {
  return crosses === true || (from === before && to === undefined);
}

/** What everybody has read, and how they keep it. */
function leaveAsTold(residents: Residents, talk: Talk, { id, head }: Held): Promise<unknown>[] {
  const has = (list: readonly string[] | undefined, name: string) => list?.includes(name) === true;
  return talk.people.map(async (name) => {
    const { messenger, session } = who(residents, name);
    await reaches(messenger, id, head);
    const draft = talk.drafts?.[name];
    await Promise.all([
      messenger.markRead(id, lastRead(head, talk, name)),
      has(talk.muted, name) && messenger.mute(id, true),
      has(talk.pinned, name) && messenger.pin(id, true),
      has(talk.archived, name) && messenger.archive(id, true),
      draft && messenger.set(settingKey.draft(id, session.device), draft),
    ]);
  });
}

/** Until the conversation is known up to this seq. */
function reaches(messenger: Messenger, id: string, seq: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if ((messenger.conversation(id)?.head ?? 0) < seq) return;
      stop();
      resolve();
    };
    const stop = messenger.subscribe(look);
    look();
  });
}

/** The seq above which are as many lines of others as are to be unread. */
function lastRead(head: number, { lines, unread }: Talk, name: string): number {
  let left = unread?.[name] ?? 0;
  let above = 0;
  while (left > 0 && above < lines.length) if (lines[lines.length - ++above]!.from !== name) left--;
  return head - above;
}

async function closeAll(residents: Residents, whether: (person: Person) => boolean): Promise<void> {
  await Promise.all(
    [...residents.values()].filter(({ person }) => whether(person)).map(({ messenger }) => messenger.close()),
  );
}
