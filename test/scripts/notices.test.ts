import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../..');
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

test('every package that is shipped is named with its licence, and all licences are known', () => {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, '--no-env-file', 'scripts/notices.ts'], { cwd: ROOT });
  expect(stderr.toString()).toBe('');
  expect(exitCode).toBe(0);
  const notices = readFileSync(join(ROOT, 'build/notices.txt'), 'utf8');
  const named = [...notices.matchAll(/^(\S+) (\d\S*) \((.+)\)$/gm)].map(([, name, version]) => `${name} ${version}`);
  expect(named).toEqual(expect.arrayContaining(Object.entries(dependencies).map((pair) => pair.join(' '))));
  expect(notices).toContain('The LevelDB Authors');
});
