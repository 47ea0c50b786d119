/** `npm run bench -- NAME [--json] [--quick]`: a server of its own on a temporary folder, and figures beside floors. */
import { parseArgs } from 'node:util';
import { direct } from './direct.ts';
import { type Figure, reporter } from './figures.ts';
import { group } from './group.ts';
import { freePort, type Host, startServer } from './host.ts';
import { idle } from './idle.ts';
import { pull } from './pull.ts';
import { scratchFolder } from './scratch.ts';
import { search } from './search.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const quick = options.quick;
const pace = quick ? { warmUpMs: 500, measuredMs: 1_000 } : { warmUpMs: 2_000, measuredMs: 5_000 };
const shapes: (readonly [number, number])[] = quick
  ? [
      [1, 1],
      [20, 32],
    ]
  : [
      [1, 1],
      [100, 1],
      [100, 8],
      [100, 32],
    ];

/** What the server is told besides its defaults; part of the result. */
const LIMITS = { PARLEY_LIMITS: JSON.stringify({ sendsPerSecond: 1_000_000, sendsBurst: 1_000_000 }) };

const figures: Figure[] = [];
const print = reporter(options.json);
const report = (figure: Figure) => {
  figures.push(figure);
  print(figure);
};

const workloads: Record<string, (host: Host) => Promise<void>> = {
  direct: (host) => direct(host, shapes, pace, report),
  group: (host) => group(host, quick ? 20 : 100, pace, report),
  idle: (host) => idle(host, quick ? 500 : 10_000, quick ? 2_000 : 20_000, report),
  pull: (host) => pull(host, quick ? 10 : 50, quick ? 2_000 : 10_000, report),
};

/** Those that need no server. */
const alone: Record<string, () => Promise<void>> = {
  search: () => search(quick ? 10_000 : 100_000, report),
};

const all = { ...workloads, ...alone };
const names = positionals.length > 0 ? positionals : Object.keys(all);
const unknown = names.filter((name) => !all[name]);
if (unknown.length > 0) {
  console.error(`There is no workload called ${unknown.join(', ')}. There are: ${Object.keys(all).join(', ')}.`);
  process.exit(2);
}

for (const name of names) {
  const by = alone[name];
  if (by) {
    await by();
    continue;
  }
  const host = await startServer(scratchFolder(name), await freePort(), LIMITS);
  try {
    await workloads[name]!(host);
  } finally {
    await host.kill('SIGTERM');
  }
}
if (options.json) {
  const { bun } = process.versions;
  console.log(JSON.stringify({ kind: 'bench', workloads: names, figures: figures.length, quick, bun, limits: LIMITS }));
}
process.exit(0);
