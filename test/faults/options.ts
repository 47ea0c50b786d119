import { parseArgs } from 'node:util';

export interface Options {
  readonly kills: number;
  readonly clients: number;
  /** Between two kills, at most. */
  readonly betweenMs: number;
  readonly json: boolean;
  readonly history: string | undefined;
}

const EXIT_USAGE = 64;
const USAGE = `npm run test:faults -- [--kills N] [--clients N] [--seconds N] [--json] [--history FILE]
  --kills N       how often the server is killed, 20 unless said
  --clients N     devices that send, 50 unless said
  --seconds N     how long they send; without it, a second and a half for each kill
  --json          one JSON object a line, the summary last
  --history FILE  every operation's start and answer, as docs/testing.md describes them`;

/** The flags, or a sentence that says what is wrong with them. */
export function optionsOrExit(args: readonly string[] = process.argv.slice(2)): Options {
  try {
    return optionsOf(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(EXIT_USAGE);
  }
}

function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string' },
      clients: { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'boolean', default: false },
      history: { type: 'string' },
    },
  });
  const kills = wholeNumber('--kills', values.kills) ?? 20;
  const seconds = wholeNumber('--seconds', values.seconds) ?? kills * 1.5;
  const clients = wholeNumber('--clients', values.clients) ?? 50;
  return { kills, clients, betweenMs: (seconds * 1_000) / kills, json: values.json, history: values.history };
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${flag} takes a whole number above 0, not "${text}".`);
  return Number(text);
}
