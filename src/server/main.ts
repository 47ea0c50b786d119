/** `npm start`: one server on the engines that need nothing else. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MemoryHub } from '../bus/memory.ts';
import { diskMedia } from '../media/disk.ts';
import { sharpPictures } from '../media/sharp.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { KeysError, openVapidKeys } from '../push/keys.ts';
import { printerPush } from '../push/printer.ts';
import type { Push } from '../push/push.ts';
import { openWebPush } from '../push/web-push.ts';
import { ThreadedIndex } from '../search/threaded.ts';
import { DATA_FORMAT } from '../store/adapter.ts';
import { FolderError, hasRoom, openLevelStore } from '../store/leveldb.ts';
import { Corrupt } from '../store/store.ts';
import { Accounts } from './accounts.ts';
import { startApp } from './app.ts';
import { Community } from './community.ts';
import { type Config, ConfigError, EXIT_CONFIG, HELP, readConfig } from './config.ts';
import { greeting, lanAddresses } from './greeting.ts';
import { createLog } from './log.ts';
import { ArgonPasswords } from './passwords.ts';
import type { NodePorts } from './ports.ts';
import { reindex } from './reindex.ts';
import { closeDoor, openDoor, rescue } from './rescue.ts';
import { sha256, systemClock, systemRandom } from './system.ts';
import { openWeb } from './web.ts';

/** What `--reindex` says something after. */
const PROGRESS_ENTRIES = 10_000;

const log = createLog();

function report(error: unknown, what: string): string {
  const id = systemRandom.id().slice(0, 8);
  log.error({ id, err: error }, what);
  return id;
}

function version(): string {
  const program = JSON.parse(readFileSync(join(import.meta.dir, '../../package.json'), 'utf8')).version;
  return `Parley ${program}, protocol ${PROTOCOL_VERSION}, data format ${DATA_FORMAT}`;
}

const MUST_BE_MENDED = [ConfigError, FolderError, KeysError, Corrupt];

function fail(error: unknown): never {
  if (error instanceof Error && MUST_BE_MENDED.some((one) => error instanceof one)) {
    console.error(error.message);
    process.exit(EXIT_CONFIG);
  }
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === 'help' || config === 'version') {
    console.log(config === 'help' ? HELP : version());
    return;
  }
  const ending = new AbortController();
  const end = () => ending.abort();
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  const folder = resolve(config.data);
  const secret = systemRandom.id() + systemRandom.id();
  const openStore = () =>
    openLevelStore({
      folder,
      onFailure: (error, isLast) => {
        report(error, isLast ? 'The store failed again; the server ends.' : 'The store failed; it is opened again.');
        if (isLast) process.exit(1);
      },
    });
  if (config.reset !== null) {
    const address = config.url?.origin ?? `http://127.0.0.1:${config.port}`;
    const link = await rescue(folder, config.reset, address, openStore);
    console.log(`${link}\nGood once, within an hour. It asks for a new password and ends all sessions.`);
    return;
  }
  const store = await openStore();
  const media = await diskMedia({ folder: join(folder, 'media') });
  const search = await ThreadedIndex.open(join(folder, 'search'));
  if (config.reindex) return indexAnew(config, { store, search, media });
  const web = await openWeb(config, (line) => console.log(line), ending.signal, config.parts);
  if (ending.signal.aborted) return Promise.all([search.close(), store.close()]).then(() => {});
  const push = openPush(config, folder);
  const app = await startApp(config, {
    store,
    bus: new MemoryHub().attach(),
    search,
    clock: systemClock,
    random: systemRandom,
    hash: sha256,
    passwords: new ArgonPasswords(),
    rescueSecret: secret,
    media,
    pictures: sharpPictures(),
    push,
    web,
    mayWrite: async () => store.isOpen && (await hasRoom(folder)),
    report,
  });
  const stop = () =>
    void closeDoor(folder)
      .then(() => app.stop())
      .then(() => process.exit(0), fail);
  ending.signal.addEventListener('abort', stop);
  if (ending.signal.aborted) return stop();
  const { port, setUp } = app;
  const local = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : local}:${port}`;
  await openDoor(folder, { url, address: config.url?.origin ?? url, secret });
  console.log(greeting({ config, folder, port, setUp }, lanAddresses()));
}

/** Push services write to the address that people use, if there is one that is theirs. */
function openPush({ push, url }: Config, folder: string): Push | null {
  if (push === 'off') return null;
  const keys = openVapidKeys(folder);
  if (push === 'print') return printerPush(keys.publicKey, (line) => console.log(line));
  const subject = url?.protocol === 'https:' ? url.origin : 'mailto:nobody@parley.invalid';
  return openWebPush({ keys, subject });
}

type Engines = Pick<NodePorts, 'store' | 'search' | 'media'>;

async function indexAnew(config: Config, engines: Engines): Promise<void> {
  const { store, search } = engines;
  const bus = new MemoryHub().attach();
  const world = {
    ...engines,
    bus,
    pictures: sharpPictures(),
    push: null,
    clock: systemClock,
    random: systemRandom,
    hash: sha256,
    report,
  };
  const directory = new Accounts({ ...world, passwords: new ArgonPasswords() });
  const community = new Community(store, { name: '', join: config.join, people: 'known' });
  const ports: NodePorts = { ...world, directory, community, limits: config.limits, serverId: '' };
  let said = 0;
  const count = await reindex(ports, (conversations, entries) => {
    if (entries - said < PROGRESS_ENTRIES) return;
    said = entries;
    console.log(`${conversations} conversations, ${entries} entries so far`);
  });
  directory.close();
  await Promise.all([bus.close(), search.close(), store.close()]);
  console.log(`All that is stored can be found: ${count} ${count === 1 ? 'conversation' : 'conversations'}.`);
}

main().catch(fail);
