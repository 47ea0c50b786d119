/** `npm start`: one server on the engines that need nothing else. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MemoryHub } from '../bus/memory.ts';
import { diskMedia } from '../media/disk.ts';
import { sharpPictures } from '../media/sharp.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { DATA_FORMAT } from '../store/adapter.ts';
import { FolderError, hasRoom, openLevelStore } from '../store/leveldb.ts';
import { Corrupt } from '../store/store.ts';
import { startApp } from './app.ts';
import { ConfigError, EXIT_CONFIG, HELP, readConfig } from './config.ts';
import { greeting, lanAddresses } from './greeting.ts';
import { createLog } from './log.ts';
import { ArgonPasswords } from './passwords.ts';
import { closeDoor, openDoor, rescue } from './rescue.ts';
import { sha256, systemClock, systemRandom } from './system.ts';
import { openWeb } from './web.ts';

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

function fail(error: unknown): never {
  if (error instanceof ConfigError || error instanceof FolderError || error instanceof Corrupt) {
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
  const web = await openWeb(config.url, (line) => console.log(line), ending.signal, config.parts);
  if (ending.signal.aborted) return store.close();
  const app = await startApp(config, {
    store,
    bus: new MemoryHub().attach(),
    clock: systemClock,
    random: systemRandom,
    hash: sha256,
    passwords: new ArgonPasswords(),
    rescueSecret: secret,
    media,
    pictures: sharpPictures(),
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

main().catch(fail);
