/**
 * Kills the server again and again while clients send, and then looks whether everything acked is there. SIGKILL
 * leaves the system's page cache alone: what a power cut would lose is for tests of the store.
 */
import { percentile } from '../../src/bench/figures.ts';
import { freePort, type Host, startServer } from '../../src/bench/host.ts';
import { scratchFolder } from '../../src/bench/scratch.ts';
import { type Account, inParallel, newKey, signIn, signUp, Wire } from '../../src/bench/wire.ts';
import { Device } from './device.ts';
import { judge } from './judge.ts';
import { optionsOrExit } from './options.ts';
import { type Recorder, recorder } from './record.ts';
import { Replica } from './replica.ts';

const options = optionsOrExit();
const { kills, clients, betweenMs } = options;
const GROUP_SIZE = 10;
const HEAL_MS = 60_000;
/** Of so many people another device, with the SDK, looks on. */
const LOOKERS = 8;
const say = (text: string) => void (options.json || console.log(text));

/** Every fifth device is the second one of the person before it. */
async function signUpAll(url: string): Promise<Account[]> {
  const numbers = Array.from({ length: clients }, (_, i) => i);
  const isSecond = (i: number) => i % 5 === 4;
  const accounts: Account[] = [];
  await inParallel(
    numbers.filter((i) => !isSecond(i)),
    4,
    async (i) => {
      accounts[i] = await signUp(url, `person${i}`, 'first');
    },
  );
  await inParallel(numbers.filter(isSecond), 4, async (i) => {
    accounts[i] = await signIn(url, accounts[i - 1]!, 'second');
  });
  return accounts;
}

/** A direct conversation for each two neighbours and a group for each ten people: the ids, by user. */
async function openConversations(url: string, accounts: readonly Account[]): Promise<Map<string, string[]>> {
  const people = accounts.filter((_, i) => i % 5 !== 4);
  const of = new Map<string, string[]>(people.map(({ user }) => [user, []]));
  const add = (id: string, users: readonly string[]) => {
    for (const user of users) of.get(user)!.push(id);
  };
  await inParallel(people, 8, async (person, i) => {
    const wire = await Wire.connect(url, person.token);
    const peer = people[i + 1];
    if (i % 2 === 0 && peer) {
      const { conversation } = await wire.call('create', { create: { kind: 'direct', user: peer.user } });
      add(conversation.id, [person.user, peer.user]);
    }
    if (i % GROUP_SIZE === 0) {
      const users = people.slice(i + 1, i + GROUP_SIZE).map(({ user }) => user);
      const create = { kind: 'group', key: newKey(), title: `Group ${i}`, users, history: 'all' } as const;
      const { conversation } = await wire.call('create', { create });
      add(conversation.id, [person.user, ...users]);
    }
    wire.close();
  });
  return of;
}

function openReplicas(
  url: string,
  accounts: readonly Account[],
  conversations: ReadonlyMap<string, readonly string[]>,
  record: Recorder,
): Promise<Replica[]> {
  const people = accounts.filter((_, i) => i % 5 !== 4);
  const step = Math.max(1, Math.floor(people.length / LOOKERS));
  const looking = people.filter((_, i) => i % step === 0).slice(0, LOOKERS);
  return inParallel(looking, 4, async (person, i) => {
    const account = await signIn(url, person, 'looker');
    return Replica.open(`looker${i}`, url, account, conversations.get(person.user)!, record);
  });
}

async function killAgainAndAgain(
  first: Host,
  restart: () => Promise<Host>,
): Promise<{ host: Host; reopenMs: number[] }> {
  let host = first;
  const reopenMs: number[] = [];
  for (let i = 0; i < kills; i++) {
    await Bun.sleep(betweenMs * (0.2 + Math.random() * 0.8));
    await host.kill('SIGKILL');
    host = await restart();
    reopenMs.push(host.readyMs);
    say(`kill ${i + 1} of ${kills}: ready again after ${Math.round(host.readyMs)} ms`);
  }
  await Bun.sleep(500);
  return { host, reopenMs };
}

async function run(data: string, record: Recorder): Promise<boolean> {
  const port = await freePort();
  let host = await startServer(data, port);
  try {
    const accounts = await signUpAll(host.url);
    const conversations = await openConversations(host.url, accounts);
    const devices = accounts.map(
      (account, i) => new Device(`device${i}`, host.url, account, conversations.get(account.user)!, record),
    );
    const replicas = await openReplicas(host.url, accounts, conversations, record);
    say(`${clients} devices of ${conversations.size} people are signed in and begin to send`);

    let writing = true;
    const sending = Promise.all(devices.map((device) => device.run(() => writing)));
    sending.catch(() => {});
    const killed = await killAgainAndAgain(host, async () => (host = await startServer(data, port)));
    writing = false;
    const late = Bun.sleep(HEAL_MS).then(() => {
      throw new Error(`Not every message was answered within ${HEAL_MS / 1_000} s of the last restart.`);
    });
    await Promise.race([sending, late]);
    // What is judged is what the disk holds: a server that has sent nothing of it reads all of it.
    await host.kill('SIGKILL');
    host = await startServer(data, port);
    killed.reopenMs.push(host.readyMs);
    const histories = await inParallel(devices, 8, (device) => device.history());
    const lookers = await inParallel(replicas, 4, async (replica) => ({
      name: replica.name,
      held: await replica.held(),
    }));
    for (const replica of replicas) await replica.close();

    const verdict = judge(devices, histories, lookers);
    const { acked, lost, duplicated, reordered } = verdict;
    const reopenMs = {
      p50: Math.round(percentile(killed.reopenMs, 0.5)),
      max: Math.round(Math.max(0, ...killed.reopenMs)),
    };
    for (const example of verdict.examples) console.error(example);
    say(`${acked} messages acked, ${verdict.entries} entries in ${verdict.conversations} conversations`);
    say(
      `lost ${lost}, duplicated ${duplicated}, reordered ${reordered}; reopen p50 ${reopenMs.p50} ms, max ${reopenMs.max} ms`,
    );
    if (options.json) {
      console.log(JSON.stringify({ kind: 'faults', kills, acked, lost, duplicated, reordered, reopenMs }));
    }
    const ok = acked > 0 && lost + duplicated + reordered === 0;
    return ok;
  } finally {
    await host.kill('SIGKILL');
  }
}

const record = recorder(options.history);
let ok = false;
try {
  ok = await run(scratchFolder('faults'), record);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  await record.close();
}
process.exit(ok ? 0 : 1);
