/** What comes before the first screen is there. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { Glob } from 'bun';
import { startServer } from './town.ts';

test('the first load is at most 180 kB of scripts and styles', async () => {
  const server = await startServer();
  const page = await (await fetch(`${server}/0/`)).text();
  const assets = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path!);
  const sizes = await Promise.all(
    assets.map(async (path) => Bun.gzipSync(await (await fetch(new URL(path, server))).arrayBuffer()).length),
  );
  const sum = sizes.reduce((a, b) => a + b, 0);
  console.log(`First load: ${(sum / 1000).toFixed(0)} kB gzipped in ${assets.length} files`);
  expect(assets.length).toBeGreaterThan(1);
  expect(sum).toBeLessThan(180_000);
  // The page of all parts is for whoever works on them.
  expect((await fetch(`${server}/parts`)).status).toBe(404);
  const built = new Glob('**/*').scan(join(import.meta.dir, '../../build/web'));
  for await (const path of built) expect(path).not.toMatch(/gallery|parts/);
}, 60_000);
