/** `npm start`: one server on the engines that need nothing else. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MemoryHub } from '../bus/memory.ts';
import { FolderError, hasRoom, openLevelStore } from '../store/leveldb.ts';
import { Corrupt } from '../store/store.ts';
import { startApp } from './app.ts';
import { ConfigError, EXIT_CONFIG, HELP, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { ArgonPasswords } from './passwords.ts';
import { sha256, systemClock, systemRandom } from './system.ts';
import { openWeb } from './web.ts';

const log = createLog();

function report(error: unknown, what: string): string {
  const id = systemRandom.id().slice(0, 8);
  log.error({ id, err: error }, what);
  return id;
}

function version(): string {
  return JSON.parse(readFileSync(join(import.meta.dir, '../../package.json'), 'utf8')).version;
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
  const store = await openLevelStore({
    folder,
    onFailure: (error, isLast) => {
      report(error, isLast ? 'The store failed again; the server ends.' : 'The store failed; it is opened again.');
      if (isLast) process.exit(1);
    },
  });
  const web = await openWeb(config.url, (line) => console.log(line), ending.signal);
  if (ending.signal.aborted) return store.close();
  const app = await startApp(config, {
    store,
    bus: new MemoryHub().attach(),
    clock: systemClock,
    random: systemRandom,
    hash: sha256,
    passwords: new ArgonPasswords(),
    web,
    mayWrite: async () => store.isOpen && (await hasRoom(folder)),
    report,
  });
  const stop = () => void app.stop().then(() => process.exit(0), fail);
  ending.signal.addEventListener('abort', stop);
  if (ending.signal.aborted) return stop();
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const address = config.url?.origin ?? `http://${host}:${app.port}`;
  console.log(`Parley is at ${address} (data: ${folder})`);
  if (app.setUp) console.log(`Set it up at ${address}/setup/${app.setUp} (the account made with it becomes the owner)`);
}

main().catch(fail);
