/** `npm run demo`: a server of its own with a lively set of sample people and chats. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freePortFrom } from '../bench/host.ts';
import { LARGE, USUAL, willowLane } from './sample/sample.ts';
import { openStreet, type Street } from './street.ts';
import type { Sample } from './talk.ts';

const PORT = 7275;
/** `EX_CONFIG` of sysexits. */
const EXIT_CONFIG = 78;

const HELP = `A server with sample people and chats, which are lively while it runs.

  npm run demo -- [--port 7275] [--data DIR] [--still] [--large]

  --port   the first port to try; a taken one is passed over
  --data   an empty folder that is kept; without it all is in memory, and goes with the demo
  --still  nobody writes once all is filled in, as for taking pictures
  --large  500 chats more, and one of 100,000 messages; takes about half a minute`;

const OPTIONS = {
  port: { type: 'string', default: String(PORT) },
  data: { type: 'string' },
  still: { type: 'boolean', default: false },
  large: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function quit(sentence: string): never {
  console.error(sentence);
  process.exit(EXIT_CONFIG);
}

function choices() {
  try {
    const { port, data, still, large, help } = parseArgs({ options: OPTIONS }).values;
    if (help) {
      console.log(HELP);
      process.exit(0);
    }
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) quit(`The port is a number from 0 to 65535, not ${port}.`);
    return { port: Number(port), data, still, large };
  } catch (error) {
    return quit(`${(error as Error).message.split('. ')[0]}. See --help.`);
  }
}

async function folderOf(data: string | undefined): Promise<string | undefined> {
  if (data === undefined) return undefined;
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
  const lively = people.filter(({ lively }) => lively).map(({ displayName }) => displayName);
  const visitors = people.filter(({ about }) => about !== undefined).map(({ name }) => name);
  console.log(`
Willow Lane is at ${url}

Its page opens six people, each signed in: ${visitors.join(', ')}.
Elsewhere, sign in with the password “${password}” as one of them; mara sees the most.
${still ? 'Nobody writes.' : `${lively.join(', ')} answer, write, come and go.`} Ctrl+C ends it.`);
}

async function main(): Promise<void> {
  const { port, data, still, large } = choices();
  const folder = await folderOf(data);
  let street: Street | null = null;
  const end = async (code: number) => {
    await street?.stop();
    process.exit(code);
  };
  process.once('SIGINT', () => void end(0));
  process.once('SIGTERM', () => void end(0));
  try {
    const filling = progress('Moving in ');
    let began = 0;
    const sample = willowLane(large ? LARGE : USUAL);
    street = await openStreet({
      port: await freePortFrom(port),
      data: folder,
      sample,
      still,
      tell: ({ done, of }) => {
        began ||= performance.now();
        filling(`${done}/${of}`);
      },
    });
    filling(`took ${((performance.now() - began) / 1_000).toFixed(1)} s`, true);
    introduce(street.url, sample, still);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}

await main();
