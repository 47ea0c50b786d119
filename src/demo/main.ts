/** `npm run demo`: a server of its own with a lively set of sample people and chats. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freePortFrom, type Host, startServer } from '../bench/host.ts';
import { SeededRandom } from '../sim/time.ts';
import { fill } from './fill.ts';
import { enliven } from './life.ts';
import { SMALL_TALK, willowLane } from './sample/sample.ts';
import type { Sample } from './talk.ts';

const PORT = 7275;
const SEED = 1;
/** `EX_CONFIG` of sysexits. */
const EXIT_CONFIG = 78;

const HELP = `A server with sample people and chats, which are lively while it runs.

  npm run demo -- [--port 7275] [--data DIR] [--still]

  --port   the first port to try; a taken one is passed over
  --data   an empty folder that is kept; without it a temporary one goes with the demo
  --still  nobody writes once all is filled in, as for taking pictures`;

const OPTIONS = {
  port: { type: 'string', default: String(PORT) },
  data: { type: 'string' },
  still: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

interface Choices {
  readonly port: number;
  readonly data: string | undefined;
  readonly still: boolean;
}

function quit(sentence: string): never {
  console.error(sentence);
  process.exit(EXIT_CONFIG);
}

function choices(): Choices {
  try {
    const { port, data, still, help } = parseArgs({ options: OPTIONS }).values;
    if (help) {
      console.log(HELP);
      process.exit(0);
    }
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) quit(`The port is a number from 0 to 65535, not ${port}.`);
    return { port: Number(port), data, still };
  } catch (error) {
    return quit(`${(error as Error).message.split('. ')[0]}. See --help.`);
  }
}

async function folderOf(data: string | undefined): Promise<string> {
  if (data === undefined) return mkdtemp(join(tmpdir(), 'parley-demo-'));
  const there = await readdir(data).catch(() => []);
  if (there.length > 0) quit(`${data} is not empty. To go on with what is in it: npm start -- --data ${data}`);
  return resolve(data);
}

/** One line that is written over in a terminal, and the last of it elsewhere. */
function progress(what: string): (text: string, last?: boolean) => void {
  const { isTTY } = process.stderr;
  return (text, last = false) => {
    if (isTTY) process.stderr.write(`\r${what}${text}\u001b[K${last ? '\n' : ''}`);
    else if (last) process.stderr.write(`${what}${text}\n`);
  };
}

function introduce(url: string, { password, people }: Sample, still: boolean): void {
  const width = Math.max(...people.map(({ name }) => name.length));
  const lively = people.filter(({ lively }) => lively).map(({ name }) => name);
  console.log(`
Willow Lane is at ${url}

Sign in with the password “${password}” as one of these; mara sees the most:
${people.map(({ name, displayName }) => `  ${name.padEnd(width)}  ${displayName}`).join('\n')}

${still ? 'Nobody writes.' : `${lively.join(', ')} answer, write, come and go.`} Ctrl+C ends it.`);
}

async function main(): Promise<void> {
  const { port, data, still } = choices();
  const folder = await folderOf(data);
  let host: Host | null = null;
  let stop = () => {};
  const end = async (code: number) => {
    stop();
    await host?.kill('SIGTERM');
    if (data === undefined) await rm(folder, { recursive: true, force: true });
    process.exit(code);
  };
  process.once('SIGINT', () => void end(0));
  process.once('SIGTERM', () => void end(0));
  try {
    const starting = progress('Starting a server ');
    starting('…');
    host = await startServer(folder, await freePortFrom(port));
    starting(`on ${folder}${data === undefined ? ', which goes when it ends' : ''}`, true);
    const filling = progress('Moving in ');
    const began = performance.now();
    const sample = willowLane();
    const residents = await fill(host.url, sample, ({ done, of }) => filling(`${done}/${of}`));
    filling(`took ${((performance.now() - began) / 1_000).toFixed(1)} s`, true);
    introduce(host.url, sample, still);
    if (still) return;
    stop = enliven(residents, { server: host.url, smallTalk: SMALL_TALK, random: new SeededRandom(SEED) });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}

await main();
