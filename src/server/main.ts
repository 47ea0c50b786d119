/** `npm start`: one server on the engines that need nothing else. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MemoryHub } from '../bus/memory.ts';
import { FolderError, openLevelStore } from '../store/leveldb.ts';
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
  if (error instanceof ConfigError || error instanceof FolderError) {
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
  const folder = resolve(config.data);
  const store = await openLevelStore({
    folder,
    onFailure: (error) => {
      report(error, 'The store failed; the server ends, so that it starts anew from what is on disk.');
      process.exit(1);
    },
  });
  const app = await startApp(config, {
    store,
    bus: new MemoryHub().attach(),
    clock: systemClock,
    random: systemRandom,
    hash: sha256,
    passwords: new ArgonPasswords(),
    web: await openWeb((line) => console.log(line)),
    report,
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    app.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  console.log(`Parley is at ${config.url?.origin ?? `http://${host}:${app.port}`} (data: ${folder})`);
}

main().catch(fail);
