import { parseArgs } from 'node:util';

export interface Options {
  /** The seeds `first … first + seeds - 1` are run. */
  readonly first: number;
  readonly seeds: number;
  /** Ends with the first seed that fails. */
  readonly bail: boolean;
  readonly mutants: boolean;
  readonly json: boolean;
  readonly history: string | undefined;
}

export const USAGE = `npm run sim -- [--seeds N] [--from S] [--seed S] [--bail] [--mutants] [--json] [--history FILE]
  --seeds N       how many seeds, 100 unless said
  --from S        the first of them, 1 unless said
  --seed S        this one alone, as when it was found
  --bail          stop at the first that fails
  --mutants       plant bugs, and see whether each is found
  --json          one JSON object a line, the summary last
  --history FILE  every operation's start and answer, as docs/testing.md describes them`;

/** Throws an `Error` whose message says what is wrong with the flags. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      from: { type: 'string' },
      bail: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      history: { type: 'string' },
    },
  });
  const { seed, bail, mutants, json, history } = values;
  if (seed !== undefined && (values.seeds !== undefined || values.from !== undefined)) {
    throw new Error('Say --seed for one seed, or --seeds and --from for many.');
  }
  if (mutants && (seed ?? values.seeds ?? values.from ?? history) !== undefined) {
    throw new Error('--mutants chooses its seeds itself and writes no history.');
  }
  return {
    first: wholeNumber('--seed', seed) ?? wholeNumber('--from', values.from) ?? 1,
    seeds: seed === undefined ? (wholeNumber('--seeds', values.seeds) ?? 100) : 1,
    bail,
    mutants,
    json,
    history,
  };
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${flag} takes a whole number above 0, not "${text}".`);
  return Number(text);
}
