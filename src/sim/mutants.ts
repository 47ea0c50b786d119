/**
 * Bugs planted from outside: each is a change of one place of the source, made in a copy of it, on which the simulator
 * then runs until it finds a violation. One whose place is not found, or that is not caught, fails.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTANTS, type Mutant } from './planted.ts';

const ROOT = join(import.meta.dir, '../..');
/** Some bugs need a rare meeting of circumstances; most are found by the first seeds. */
const SEEDS = 400;
const AT_ONCE = 20;

/** The exit code: 0 when all are caught. */
export async function runMutants(json: boolean): Promise<number> {
  const missed: string[] = [];
  const waiting = [...MUTANTS];
  const work = async () => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const caught = await isCaught(mutant);
      if (!caught) missed.push(mutant.name);
      if (!json) console.log(`${caught ? 'caught' : 'MISSED'}  ${mutant.name}`);
    }
  };
  await Promise.all([work(), work()]);
  const caught = MUTANTS.length - missed.length;
  if (json) console.log(JSON.stringify({ kind: 'mutants', planted: MUTANTS.length, caught, missed }));
  else console.log(`${caught} passed, ${missed.length} failed`);
  return missed.length === 0 ? 0 : 1;
}

async function isCaught(mutant: Mutant): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-mutant-'));
  try {
    cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const path = join(folder, mutant.file);
    const source = readFileSync(path, 'utf8');
    if (source.split(mutant.find).length !== 2) {
      throw new Error(`Mutant "${mutant.name}": its place is not found once in ${mutant.file}. Mend planted.ts.`);
    }
    writeFileSync(
      path,
      source.replace(mutant.find, () => mutant.replace),
    );
    for (let seed = 1; seed <= SEEDS; seed += AT_ONCE) {
      const child = Bun.spawn(
        [
          process.execPath,
          '--no-env-file',
          join(folder, 'src/sim/main.ts'),
          '--from',
          String(seed),
          '--seeds',
          String(AT_ONCE),
          '--json',
        ],
        { stdout: 'ignore', stderr: 'ignore' },
      );
      if ((await child.exited) === 1) return true;
    }
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
