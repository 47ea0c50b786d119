/**
 * Fills a house with sample people and what they have said, as any program would: through the SDK. Everything happens
 * in the order of its times, with the clock of the house at each of them.
 */
import { memoryStorage, RequestFailed, signIn, signOut, signUp, uploadFile } from '../client/index.ts';
import type { FileInfo } from '../protocol/entities.ts';
import { settingKey } from '../protocol/settings.ts';
import * as bother from './bother.ts';
import { showFace, showGroup } from './faces.ts';
import type { House } from './house.ts';
import { ask, open, type Resident, type Residents } from './resident.ts';
import { momentOf, type Sample, type Talk, type TimedLine, timed } from './talk.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Accounts are older than all talk. */
const MOVED_IN_DAYS = 23;

/** What the first of the people sets up. */
const COMMUNITY = { name: 'Willow Lane', join: 'anyone' } as const;

export interface Filled {
  readonly residents: Residents;
  /** Where each talk is held. */
  readonly conversations: ReadonlyMap<Talk, string>;
  /** What the times of the sample were counted back from. */
  readonly today: number;
  /** Lets somebody who has left groups, as they were to, into them once more. */
  readmit(name: string): Promise<void>;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

interface Event {
  readonly moment: number;
  run(): Promise<void>;
}

/**
 * Resolves when all is stored and told; connected then are those who have not left. The house must have nobody yet: its
 * owner becomes the first of the people.
 */
export async function fill(house: House, sample: Sample, tell: (progress: Progress) => void): Promise<Filled> {
  const today = house.clock.now();
  house.clock.moveTo(today - MOVED_IN_DAYS * DAY_MS);
  let done = 0;
  let of = sample.people.length + sample.neighbours.length;
  const step = () => tell({ done: ++done, of });
  // They are drawn while people move in; what fails is told where it is sent.
  for (const { files = [] } of sample.talks)
    for (const one of files.flatMap(({ files }) => files)) one.content().catch(() => {});
  const residents = await moveIn(house, sample, step);
  for (const resident of residents.values()) await showFace(house, resident);
  const neighbours = await neighboursOf(house, sample, step);
  const telling = sample.talks.map((talk) => new Telling(house, residents, neighbours, talk, today));
  const { bother: by } = sample;
  const bothered = {
    moment: momentOf(by.at, today),
    run: () => bother.write(house, residents, neighbourName(by.neighbour), sample),
  };
  const events = [
    ...telling.flatMap((one) => one.events()),
    ...leaving(house, residents, telling, today),
    ...(by.neighbour < neighbours.length ? [bothered] : []),
  ];
  of += events.length;
  for (const { moment, run } of events.sort((a, b) => a.moment - b.moment)) {
    house.clock.moveTo(moment);
    await run();
    step();
  }
  house.clock.goOn();
  for (const one of telling) await one.keep();
  const bothering = neighbours[sample.bother.neighbour];
  if (bothering !== undefined) await bother.answer(residents, bothering, sample);
  await seenAsGone(residents);
  const conversations = new Map(telling.map(({ talk, id }) => [talk, id]));
  const readmit = async (name: string) => void (await Promise.all(telling.map((one) => one.readmit(name))));
  return { residents, conversations, today, readmit };
}

async function moveIn(house: House, { people, password }: Sample, step: () => void): Promise<Residents> {
  const residents = new Map<string, Resident>();
  const server = house.url;
  // One after the other: so each gets the same id every time.
  for (const person of people) {
    await makeAccount(house, person.name, person.displayName, password);
    const session = await signIn({ server, name: person.name, password, device: 'Demo' });
    const storage = memoryStorage();
    residents.set(person.name, {
      person,
      session,
      storage,
      messenger: await open(server, { session, storage }, house.chance),
    });
    step();
  }
  return residents;
}

/** Its id comes from the seed, and with it its first session, which ends at once. */
async function makeAccount({ chance, url: server }: House, name: string, displayName: string, password: string) {
  const session = await chance.repeatably(() =>
    signUp({ server, name, displayName, password, device: 'Demo', community: COMMUNITY }),
  );
  await signOut({ server, token: session.token });
  return session.user;
}

const neighbourName = (i: number) => `neighbour.${i + 1}`;

async function neighboursOf(house: House, { neighbours, password }: Sample, step: () => void): Promise<string[]> {
  const users: string[] = [];
  for (const [i, displayName] of neighbours.entries()) {
    users.push(await makeAccount(house, neighbourName(i), displayName, password));
    step();
  }
  return users;
}

function leaving({ url }: House, residents: Residents, telling: readonly Telling[], today: number): Event[] {
  return [...residents.values()].flatMap(({ person, session, messenger }) => {
    if (person.leaves === undefined) return [];
    const run = async () => {
      for (const one of telling) await one.readBy(person.name);
      await messenger.close();
      // Last seen is when the server notices, and time is about to move on.
      for (let here = true; here; ) {
        const { devices } = await ask(url, session, 'devices', {});
        here = devices.some(({ online }) => online);
      }
    };
    return [{ moment: momentOf(person.leaves, today), run }];
  });
}

/** Until whoever has left is offline to the others, who know it a little later. */
async function seenAsGone(residents: Residents): Promise<void> {
  const everybody = [...residents.values()];
  const gone = everybody.filter(({ person }) => person.leaves !== undefined).map(({ session }) => session.user);
  const { messenger } = everybody[0]!;
  messenger.watch(gone);
  await new Promise<void>((seen) => {
    const look = () => {
      if (!gone.every((user) => messenger.presence(user)?.online === false)) return;
      stop();
      seen();
    };
    const stop = messenger.subscribe(look);
    look();
  });
  messenger.watch([]);
}

/** One talk, from its beginning to what everybody keeps of it. */
class Telling {
  readonly talk: Talk;
  id = '';
  readonly #house: House;
  readonly #residents: Residents;
  readonly #neighbours: readonly string[];
  readonly #lines: readonly TimedLine[];
  readonly #today: number;
  /** By the place of their lines. */
  readonly #seqs: number[] = [];

  constructor(house: House, residents: Residents, neighbours: readonly string[], talk: Talk, today: number) {
    this.#house = house;
    this.#residents = residents;
    this.#neighbours = neighbours;
    this.talk = talk;
    this.#today = today;
    this.#lines = timed(talk.lines, today);
  }

  events(): Event[] {
    const runs = runsOf(this.#lines);
    const first = this.#lines[0]!.moment;
    const last = this.#lines.at(-1)!.moment;
    const readAt = Math.min(last + MINUTE_MS, this.#today);
    return [
      { moment: first - MINUTE_MS, run: () => this.#begin() },
      ...runs.map((run) => ({ moment: this.#lines[run.from]!.moment, run: () => this.#say(run) })),
      { moment: Math.min(last + MINUTE_MS / 2, this.#today), run: () => this.#act() },
      { moment: readAt, run: () => this.#readByAll() },
    ];
  }

  async #begin(): Promise<void> {
    const { talk } = this;
    const [first, ...others] = talk.people.map((name) => this.#who(name));
    const users = others.map(({ session }) => session.user);
    const { messenger } = first!;
    this.id = await this.#house.chance.repeatably(() => {
      if (talk.kind === 'self') return messenger.openSelf();
      if (talk.kind === 'direct') return messenger.openDirect(users[0]!);
      const until = talk.endsInDays === undefined ? undefined : this.#today + talk.endsInDays * DAY_MS;
      return messenger.createGroup(
        talk.title,
        users,
        'joined',
        until === undefined ? undefined : { kind: 'whole', until },
      );
    });
    if (talk.kind !== 'group') return;
    if (talk.picture) await showGroup(this.#house, first!, this.id, talk.picture);
    if (talk.everybody) {
      for (let i = 0; i < this.#neighbours.length; i += 100) {
        await messenger.addMembers(this.id, this.#neighbours.slice(i, i + 100));
      }
    }
    for (const name of talk.admins ?? []) await messenger.setRole(this.id, this.#who(name).session.user, 'admin');
  }

  /** What one person says at once is sent at once; what crosses stands in the same order each time. */
  async #say({ from, to }: Run): Promise<void> {
    const lines = this.#lines.slice(from, to);
    const brought = await Promise.all(lines.map((line, i) => this.#bring(line, from + i)));
    const stored: Promise<number>[] = [];
    for (const [i, line] of lines.entries()) {
      if (line.crosses) await Promise.all(stored);
      stored.push(this.#sayOne(line, brought[i]!, from + i));
    }
    this.#seqs.push(...(await Promise.all(stored)));
  }

  async #sayOne({ from, text, to }: TimedLine, files: readonly FileInfo[], place: number): Promise<number> {
    const { messenger } = this.#who(from);
    const { forwarded, keeping } = this.talk;
    if (keeping?.on === place) await messenger.setLifetime(this.id, keeping.lifetime);
    const passedOn = forwarded?.includes(place) ? { forwarded: true } : {};
    const ref = to === undefined ? {} : { ref: this.#seqs[to]! };
    return messenger.stored(
      await messenger.send(this.id, text, { ...ref, ...passedOn, files, ...this.#mentions(text) }),
    );
  }

  /** What goes along with the line at this place. */
  #bring({ from }: TimedLine, place: number): Promise<FileInfo[]> {
    const { token } = this.#who(from).session;
    const at = { server: this.#house.url, token, conversation: this.id };
    const files = (this.talk.files ?? []).flatMap(({ on, files }) => (on === place ? files : []));
    return Promise.all(
      files.map(async ({ name, as, content }) => {
        return uploadFile({ ...at, name, as, content: new Blob([await content()]) });
      }),
    );
  }

  #mentions(text: string) {
    const named = [...text.matchAll(/@(\w+)/g)].flatMap(([, name]) => this.#residents.get(name!)?.session.user ?? []);
    return named.length > 0 ? { mentions: named } : {};
  }

  /** In their order, as if everybody had seen what the others did. */
  async #act(): Promise<void> {
    for (const { by, on, react, edit, pin, delete: erase } of this.talk.acts ?? []) {
      const { messenger } = this.#who(by);
      const seq = this.#seqs[on]!;
      if (react !== undefined) await messenger.react(this.id, seq, react);
      if (edit !== undefined) await messenger.editMessage(this.id, seq, edit);
      if (pin) await messenger.pinMessage(this.id, seq);
      if (erase) await messenger.deleteMessage(this.id, seq);
    }
  }

  async #readByAll(): Promise<void> {
    const here = this.talk.people.filter((name) => !this.#hasLeft(name));
    await Promise.all(here.map((name) => this.readBy(name)));
  }

  /** As far as it has been said, but for what somebody is to find unread. */
  async readBy(name: string): Promise<void> {
    if (this.id === '' || this.#seqs.length === 0 || !this.talk.people.includes(name)) return;
    const { session, person } = this.#who(name);
    const read = this.#lastRead(name);
    if (person.neverReads || read === 0) return;
    // A messenger reports at most once a second, which may be days here.
    await ask(this.#house.url, session, 'mark', { conversation: this.id, read });
  }

  #lastRead(name: string): number {
    let left = this.talk.unread?.[name] ?? 0;
    let at = this.#seqs.length;
    while (left > 0 && at > 0) if (this.#lines[--at]!.from !== name) left--;
    return Math.max(0, ...this.#seqs.slice(0, at));
  }

  #hasLeft(name: string): boolean {
    const { leaves } = this.#who(name).person;
    return leaves !== undefined && momentOf(leaves, this.#today) <= this.#house.clock.now();
  }

  /** How those who are here arrange it. */
  async keep(): Promise<void> {
    const { talk, id } = this;
    for (const name of talk.people.filter((name) => !this.#hasLeft(name))) {
      const { messenger, session } = this.#who(name);
      const draft = talk.drafts?.[name];
      if (talk.muted?.includes(name)) await messenger.mute(id, true);
      if (talk.pinned?.includes(name)) await messenger.pin(id, true);
      if (talk.archived?.includes(name)) await messenger.archive(id, true);
      if (draft) await messenger.set(settingKey.draft(id, session.device), draft);
    }
    if (talk.kind === 'direct' && talk.jammed) this.#house.jam(id);
  }

  async readmit(name: string): Promise<void> {
    if (this.talk.kind !== 'group' || !this.talk.resigned?.includes(name)) return;
    const { messenger } = this.#who(this.talk.people[0]!);
    await messenger.addMembers(this.id, [this.#who(name).session.user]).catch((error: unknown) => {
      if (!(error instanceof RequestFailed) || error.code !== 'already_member') throw error;
    });
  }

  #who(name: string): Resident {
    const resident = this.#residents.get(name);
    if (!resident) throw new Error(`Nobody of the sample is called ${name}.`);
    return resident;
  }
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Lines that are said at once, because they cross or bear the same time. */
function runsOf(lines: readonly TimedLine[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0, to = 1; from < lines.length; from = to++) {
    while (to < lines.length && isAtOnce(lines[to]!, lines[to - 1]!)) to++;
    runs.push({ from, to });
  }
  return runs;
}

function isAtOnce(line: TimedLine, before: TimedLine): boolean {
  return line.moment === before.moment && line.to === undefined && (line.crosses === true || line.from === before.from);
}
