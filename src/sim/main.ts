/** `npm run sim`: runs seeds and says what they found, or plants bugs and says which were found. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { ANOMALIES } from '../check/checker.ts';
import { runMutants } from './mutants.ts';
import { type Options, optionsOf, USAGE } from './options.ts';
import { type Outcome, runSeed } from './world.ts';

const EXIT_USAGE = 64;
/** Of one seed; more of the same say no more. */
const SHOWN_MAX = 10;
/** No seed lasts longer: the histories of several stand one after another on one clock. */
const SEED_MS = 1_000_000;

class Report {
  readonly #options: Options;
  readonly #history: number | null;
  readonly #faults: Record<string, number> = {};
  readonly #violations: Record<string, number> = Object.fromEntries(ANOMALIES.map((anomaly) => [anomaly, 0]));
  readonly #failed: number[] = [];
  #seeds = 0;
  #steps = 0;
  #acked = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#history = options.history === undefined ? null : openSync(options.history, 'w');
  }

  get hasFailed(): boolean {
    return this.#failed.length > 0;
  }

  add(outcome: Outcome): void {
    const { seed, violations } = outcome;
    if (this.#history !== null) writeSync(this.#history, historyOf(outcome, this.#seeds * SEED_MS));
    this.#seeds++;
    this.#steps += outcome.steps;
    this.#acked += outcome.acked;
    for (const [kind, count] of Object.entries(outcome.faults)) this.#faults[kind] = (this.#faults[kind] ?? 0) + count;
    for (const { anomaly } of violations) this.#violations[anomaly]!++;
    if (violations.length > 0) this.#failed.push(seed);
    this.#progress();
    if (violations.length === 0 || this.#options.json) return;
    for (const { anomaly, detail } of violations.slice(0, SHOWN_MAX))
      console.log(`seed ${seed}: ${anomaly}: ${detail}`);
    if (violations.length > SHOWN_MAX) console.log(`seed ${seed}: and ${violations.length - SHOWN_MAX} more`);
    console.log(`repeat it: npm run sim -- --seed ${seed}`);
  }

  #progress(): void {
    if (this.#options.json || !process.stderr.isTTY) return;
    const end = this.#seeds === this.#options.seeds ? '\n' : '';
    process.stderr.write(`\r${this.#seeds} of ${this.#options.seeds} seeds${end}`);
  }

  end(): void {
    if (this.#history !== null) closeSync(this.#history);
    const [seeds, steps, acked, failed] = [this.#seeds, this.#steps, this.#acked, this.#failed];
    const [faults, violations] = [this.#faults, this.#violations];
    if (this.#options.json) {
      console.log(JSON.stringify({ kind: 'sim', seeds, steps, acked, faults, violations, failed }));
      return;
    }
    console.log(`${seeds} seeds, ${steps} steps, ${acked} messages acked`);
    console.log(`faults: ${list(faults)}`);
    console.log(`violations: ${list(violations)}`);
    console.log(`${seeds - failed.length} passed, ${failed.length} failed`);
  }
}

/** JSON lines. Conversations of two seeds are never the same, though their ids may be. */
function historyOf({ seed, history }: Outcome, from: number): string {
  return history
    .map(({ t, proc, op, phase, conversation, ...rest }) => {
      const names = { t: from + t, proc: `${seed}/${proc}`, op, phase, conversation: `${seed}/${conversation}` };
      return `${JSON.stringify({ ...names, ...rest })}\n`;
    })
    .join('');
}

function list(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .sort()
    .join(', ');
}

async function run(options: Options): Promise<number> {
  if (options.mutants) return runMutants(options.json);
  const report = new Report(options);
  for (let seed = options.first; seed < options.first + options.seeds; seed++) {
    report.add(await runSeed(seed));
    if (options.bail && report.hasFailed) break;
  }
  report.end();
  return report.hasFailed ? 1 : 0;
}

let options: Options;
try {
  options = optionsOf(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exit(EXIT_USAGE);
}
process.exit(await run(options));
