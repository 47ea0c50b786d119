import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ANOMALIES } from '../check/checker.ts';
import { runMutants } from './mutants.ts';
import { type Outcome, runSeed } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    mutants: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    history: { type: 'string' },
  },
});

const print = (line: string) => {
  if (!values.json) console.log(line);
};

async function simulate(): Promise<number> {
  const first = Number(values.seed ?? values.from);
  const seeds = values.seed === undefined ? Number(values.seeds) : 1;
  if (!Number.isInteger(first) || !Number.isInteger(seeds) || seeds < 1) {
    console.error('Say --seeds N, or --seed S, with whole numbers.');
    return 64;
  }
  const total = { steps: 0, acked: 0, faults: {} as Record<string, number> };
  const violations = Object.fromEntries(ANOMALIES.map((anomaly) => [anomaly, 0]));
  const failed: number[] = [];
  for (let seed = first; seed < first + seeds; seed++) {
    const outcome = await runSeed(seed);
    add(total, outcome);
    for (const { anomaly } of outcome.violations) violations[anomaly] = (violations[anomaly] ?? 0) + 1;
    if (values.history) {
      const lines = outcome.history.map((operation) => JSON.stringify(operation));
      writeFileSync(values.history, `${lines.join('\n')}\n`, { flag: seed === first ? 'w' : 'a' });
    }
    if (outcome.violations.length > 0) {
      failed.push(seed);
      for (const { anomaly, detail } of outcome.violations.slice(0, 10)) print(`seed ${seed}: ${anomaly}: ${detail}`);
      print(`repeat it: npm run sim -- --seed ${seed}`);
    }
    if (process.stderr.isTTY && !values.json) process.stderr.write(`\r${seed - first + 1} of ${seeds} seeds`);
  }
  if (process.stderr.isTTY && !values.json) process.stderr.write('\n');
  if (values.json) {
    console.log(JSON.stringify({ kind: 'sim', seeds, ...total, violations, failed }));
  } else {
    print(`${seeds} seeds, ${total.steps} steps, ${total.acked} messages acked`);
    print(`faults: ${list(total.faults)}`);
    print(`violations: ${list(violations)}`);
    print(`${seeds - failed.length} passed, ${failed.length} failed`);
  }
  return failed.length === 0 ? 0 : 1;
}

function add(total: { steps: number; acked: number; faults: Record<string, number> }, outcome: Outcome): void {
  total.steps += outcome.steps;
  total.acked += outcome.acked;
  for (const [kind, count] of Object.entries(outcome.faults)) total.faults[kind] = (total.faults[kind] ?? 0) + count;
}

function list(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

process.exit(values.mutants ? await runMutants(values.json) : await simulate());
