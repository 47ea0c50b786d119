/** The recorded walk, from a fresh server to three who chat: see `npm run walk`. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { atEnd, stop } from '../endings.ts';

const WALK = join(import.meta.dir, '../../scripts/walk.ts');

test('the walk comes to its end, within two minutes', async () => {
  const child = Bun.spawn([process.execPath, '--no-env-file', WALK, '--light'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atEnd(() => stop(child));
  const said = await new Response(child.stdout).text();
  expect([await child.exited, said]).toEqual([0, expect.stringContaining('his draft is there')]);
}, 120_000);
