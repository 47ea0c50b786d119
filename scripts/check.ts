/** All checks that need no running program: a short line each, what is wrong in full, and the sum as the last line. */
import { join } from 'node:path';

const bin = join(import.meta.dir, '../node_modules/.bin');
const checks: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['types', ['tsc', '--noEmit']],
  ['lint and format', ['biome', 'check', '--error-on-warnings', '--max-diagnostics=100']],
  ['layering and tidiness', ['bun', '--no-env-file', 'test', './test/layering.test.ts', './test/tidiness.test.ts']],
  ['dead code', ['knip', '--no-progress']],
];

async function run([program = '', ...args]: readonly string[]) {
  const began = performance.now();
  const child = Bun.spawn([join(bin, program), ...args], {
    cwd: join(import.meta.dir, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, text: (out + err).trim(), seconds: (performance.now() - began) / 1000 };
}

let failed = 0;
const running = checks.map(([name, command]) => ({ name, result: run(command) }));
for (const { name, result } of running) {
  const { code, text, seconds } = await result;
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) {
    failed++;
    console.log(`${text}\n`);
  }
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
