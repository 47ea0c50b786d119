import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { LEASH } from '../../src/bench/host.ts';
import { atEnd, folder } from '../endings.ts';

test('who ends npm start ends the server', async () => {
  const npm = Bun.spawn(['npm', 'start', '--silent', '--', '--port', '0', '--data', folder()], {
    cwd: join(import.meta.dir, '../..'),
    env: { ...process.env, BUN_OPTIONS: `--preload ${LEASH}` },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  atEnd(() => npm.kill('SIGKILL'));
  // The last words are there when the last process that holds the pipe has ended: npm, and the server under it.
  let said = '';
  for await (const part of npm.stdout.pipeThrough(new TextDecoderStream())) {
    said += part;
    if (said.includes('Parley is at')) npm.kill('SIGTERM');
  }
  expect(said).toContain('Parley is at');
  expect(await npm.exited).toBe(0);
});
