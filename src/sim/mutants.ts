/**
 * Bugs planted from outside: each is a change of one place of the source, made in a copy of it, on which the simulator
 * then runs until it finds a violation. One whose place is not found, or that is not caught, fails.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './planted.ts';

const ROOT = join(import.meta.dir, '../..');
/** Some bugs need a rare meeting of circumstances; most are found by the first seeds. */
const SEEDS = 1_500;
const WORKERS = 2;

/** What each try has under way, and how to end it. */
const underWay = new Set<() => void>();

/** The exit code: 0 when all are caught. */
export async function runMutants(json: boolean): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      for (const end of [...underWay].reverse()) end();
      process.exit(1);
    });
  }
  const missed: string[] = [];
  const waiting = [...MUTANTS];
  const work = async () => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const seed = await firstSeed(mutant);
      if (seed === null) missed.push(mutant.name);
      if (!json)
        console.log(seed === null ? `MISSED in ${SEEDS} seeds: ${mutant.name}` : `seed ${seed}: ${mutant.name}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  const caught = MUTANTS.length - missed.length;
  if (json) console.log(JSON.stringify({ kind: 'mutants', planted: MUTANTS.length, caught, missed }));
  else console.log(`${caught} caught, ${missed.length} missed`);
  return missed.length === 0 ? 0 : 1;
}

/** The first seed that finds it. */
async function firstSeed(mutant: Mutant): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-mutant-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  underWay.add(remove);
  try {
    for (const part of ['src', 'package.json']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    plant(mutant, join(folder, mutant.file));
    const main = join(folder, 'src/sim/main.ts');
    const seeds = ['--from', `${mutant.from ?? 1}`, '--seeds', `${SEEDS}`];
    const child = Bun.spawn([process.execPath, '--no-env-file', main, ...seeds, '--bail', '--json'], {
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const end = () => child.kill('SIGKILL');
    underWay.add(end);
    child.exited.then(() => underWay.delete(end));
    const [said, complained] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    if ((await child.exited) > 1) throw new Error(`Mutant "${mutant.name}" did not run: ${complained}`);
    const { failed } = JSON.parse(said.trim().split('\n').at(-1)!) as { failed: number[] };
    return failed[0] ?? null;
  } finally {
    remove();
    underWay.delete(remove);
  }
}

function plant({ name, find, replace }: Mutant, path: string): void {
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) {
    throw new Error(`Mutant "${name}": its place is not found once in ${path}. Mend planted.ts.`);
  }
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
}
