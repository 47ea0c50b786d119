/** Runs the tests of the cluster engines, where there are any. */
import { existsSync } from 'node:fs';

if (!existsSync('test/cluster')) {
  console.log('There is no cluster engine yet: test/cluster does not exist, nothing was run.');
  console.log('0 passed, 0 failed');
} else {
  const run = Bun.spawnSync([process.execPath, '--no-env-file', 'test', '--timeout=60000', './test/cluster'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.exit(run.exitCode);
}
