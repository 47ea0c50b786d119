/** The bot of the SDK's README runs from an empty folder with nothing but the tarball. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Host, startServer } from '../../src/bench/host.ts';
import { type Account, newKey, signUp, Wire } from '../../src/bench/wire.ts';

const root = join(import.meta.dir, '../..');
let folder = '';
let host: Host;
let mara: Account;
let tarball = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sdk-'));
  await run([process.execPath, '--no-env-file', 'scripts/pack-sdk.ts'], root);
  const name = (await readdir(join(root, 'build/sdk'))).find((file) => file.endsWith('.tgz'));
  tarball = join(root, 'build/sdk', name ?? '');
  host = await startServer(join(folder, 'data'), await freePort());
  mara = await signUp(host.url, 'mara');
}, 60_000);

afterAll(async () => {
  await host?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

async function run(command: readonly string[], cwd: string): Promise<string> {
  const child = Bun.spawn([...command], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(' ')}: ${out}${err}`);
  return out;
}

/** The code of the first example in the SDK's README. */
async function botSource(): Promise<string> {
  const readme = await readFile(join(root, 'docs/sdk.md'), 'utf8');
  return /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
}

test('the tarball holds no more than 60 kB, and needs nothing else', async () => {
  expect((await stat(tarball)).size).toBeLessThanOrEqual(60_000);
  const manifest = JSON.parse(await readFile(join(root, 'build/sdk/package.json'), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
});

test('the bot of the README has ten lines', async () => {
  const lines = (await botSource()).split('\n').filter((line) => line.trim() !== '');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.length).toBeLessThanOrEqual(10);
});

test('the types are whole without any package', async () => {
  const types = [...new Bun.Glob('**/*.d.ts').scanSync(join(root, 'build/sdk'))].map((path) =>
    join(root, 'build/sdk', path),
  );
  const flags = '--ignoreConfig --noEmit --strict --target ESNext --module NodeNext --lib ESNext,DOM --types bun';
  await run([join(root, 'node_modules/.bin/tsc'), ...flags.split(' '), ...types], root);
}, 30_000);

for (const [runtime, program] of [
  ['Node 20', 'node'],
  ['Bun', process.execPath],
] as const) {
  test(`the bot answers on ${runtime}`, async () => {
    const name = program === 'node' ? 'nodebot' : 'bunbot';
    const own = join(folder, name);
    await mkdir(own);
    await writeFile(join(own, 'package.json'), '{ "private": true, "type": "module" }');
    await run(['npm', 'install', '--offline', '--no-audit', '--no-fund', '--silent', tarball], own);
    await writeFile(join(own, 'bot.js'), await botSource());
    const account = await signUp(host.url, name);
    const bot = Bun.spawn([program, 'bot.js'], {
      cwd: own,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PARLEY_SERVER: host.url, PARLEY_NAME: name, PARLEY_PASSWORD: account.password },
    });
    try {
      const wire = await Wire.connect(host.url, mara.token);
      const { conversation } = await wire.call('create', { create: { kind: 'direct', user: account.user } });
      const answer = new Promise<string>((resolve) => {
        wire.onEvent = (event) => {
          if (event.type !== 'message') return;
          for (const entry of event.entries) {
            if (entry.kind === 'message' && entry.sender === account.user) resolve(entry.body?.text ?? '');
          }
        };
      });
      // A bot answers what comes while it is there: ask again, each time the feed has been quiet, until it is.
      let said: string | null = null;
      void answer.then((text) => {
        said = text;
      });
      while (said === null) {
        const draft = { kind: 'message', key: newKey(), body: { v: 1, text: 'Hello bot' } } as const;
        await wire.call('send', { conversation: conversation.id, drafts: [draft] });
        const { feedHead } = await wire.call('ping', { shown: [], profiles: [] });
        const quiet = fetch(`${host.url}/api/poll?epoch=1&seq=${feedHead}&wait=500`, {
          headers: { authorization: `Bearer ${mara.token}` },
        });
        await Promise.race([answer, quiet.then((reply) => reply.text())]);
      }
      expect(said as string).toBe('You said: Hello bot');
      wire.close();
    } finally {
      bot.kill('SIGKILL');
      await bot.exited;
    }
  }, 30_000);
}
