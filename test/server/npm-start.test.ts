import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('who ends npm start ends the server', async () => {
  const data = mkdtempSync(join(tmpdir(), 'parley-npm-'));
  const npm = Bun.spawn(['npm', 'start', '--silent', '--', '--port', '0', '--data', data], {
    cwd: join(import.meta.dir, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    // The last words are there when the last process that holds the pipe has ended: npm, and the server under it.
    let said = '';
    for await (const part of npm.stdout.pipeThrough(new TextDecoderStream())) {
      said += part;
      if (said.includes('Parley is at')) npm.kill('SIGTERM');
    }
    expect(said).toContain('Parley is at');
    expect(await npm.exited).toBe(0);
  } finally {
    npm.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
});
