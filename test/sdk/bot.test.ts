/** The bot of the SDK's README runs from an empty folder with nothing but the tarball. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Host, LEASH, startServer } from '../../src/bench/host.ts';
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
}, 240_000);

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

/** A program of somebody else: each line marked as wrong is one, for the compiler. */
const TYPED = `
import { createMessenger, type InboxView, type PendingMessage, RequestFailed, type Status, signIn } from '@parley-chat/sdk';
import { FileInUse, fileStorage } from '@parley-chat/sdk/file';
import { indexedDbStorage } from '@parley-chat/sdk/indexeddb';

const storage = await fileStorage('bot.replica').catch((error: unknown) => {
  if (error instanceof FileInUse) console.log(error.holder + 1);
  return indexedDbStorage('bot');
});
const session = await signIn({ server: 'http://127.0.0.1:1', name: 'a', password: 'b', device: 'c', storage });
const bot = await createMessenger({ server: 'http://127.0.0.1:1', session, storage });
bot.on('message', ({ conversation, entry }) => {
  if (entry.kind === 'message') void bot.send(conversation, entry.body?.text ?? '', { ref: entry.seq });
  // @ts-expect-error a message that is gone has no body
  if (entry.kind === 'message') entry.body.text;
  // @ts-expect-error the seq is a number
  void bot.send(conversation, entry.seq);
});
bot.on('status', (status: Status) => status.state === 'offline' && console.log(status.retryAt));
const inbox: InboxView = bot.inbox();
const pending: readonly PendingMessage[] = bot.pending(inbox.conversations[0]?.id ?? '');
await bot.stored(pending[0]?.key ?? '').catch((error: unknown) => error instanceof RequestFailed && error.code);
`;

async function install(own: string): Promise<void> {
  await mkdir(own);
  await writeFile(join(own, 'package.json'), '{ "private": true, "type": "module" }');
  await run(['npm', 'install', '--offline', '--no-audit', '--no-fund', '--silent', tarball], own);
}

/** The code of the first example in the SDK's README. */
async function botSource(): Promise<string> {
  const readme = await readFile(join(root, 'docs/sdk.md'), 'utf8');
  return /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
}

test('the tarball holds no more than 100 kB, and needs nothing else', async () => {
  expect((await stat(tarball)).size).toBeLessThanOrEqual(100_000);
  const manifest = JSON.parse(await readFile(join(root, 'build/sdk/package.json'), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
});

test('the bot of the README has ten lines', async () => {
  const lines = (await botSource()).split('\n').filter((line) => line.trim() !== '');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.length).toBeLessThanOrEqual(10);
});

test('the types are whole without any package, and say what a program may rely on', async () => {
  const own = join(folder, 'typed');
  await install(own);
  await writeFile(join(own, 'bot.ts'), TYPED);
  const sdk = join(own, 'node_modules/@parley-chat/sdk');
  const types = [...new Bun.Glob('**/*.d.ts').scanSync(sdk)].map((path) => join(sdk, path));
  const flags = '--noEmit --strict --exactOptionalPropertyTypes --target ESNext --module NodeNext --lib ESNext,DOM';
  await run([join(root, 'node_modules/.bin/tsc'), ...flags.split(' '), 'bot.ts', ...types], own);
}, 30_000);

for (const [runtime, program, preload] of [
  ['Node 20', 'node', '--import'],
  ['Bun', process.execPath, '--preload'],
] as const) {
  test(`the bot answers on ${runtime}, and after a kill it is the same device`, async () => {
    const name = program === 'node' ? 'nodebot' : 'bunbot';
    const own = join(folder, name);
    await install(own);
    await writeFile(join(own, 'bot.js'), await botSource());
    await copyFile(LEASH, join(own, 'leash.js'));
    const account = await signUp(host.url, name);
    for (const text of ['Hello bot', 'Still there?']) {
      const bot = Bun.spawn([program, preload, './leash.js', 'bot.js'], {
        cwd: own,
        stdio: ['pipe', 'inherit', 'inherit'],
        env: { ...process.env, PARLEY_SERVER: host.url, PARLEY_NAME: name, PARLEY_PASSWORD: account.password },
      });
      try {
        await untilAnswered(account.user, text);
      } finally {
        bot.kill('SIGKILL');
        await bot.exited;
      }
    }
    const wire = await Wire.connect(host.url, account.token);
    expect((await wire.call('devices', {})).devices.map((device) => device.name).sort()).toEqual(['bench', 'bot']);
    wire.close();
  }, 30_000);
}

/** A bot answers what comes while it is there: asks again, each time the feed has been quiet, until it does. */
async function untilAnswered(user: string, text: string): Promise<void> {
  const wire = await Wire.connect(host.url, mara.token);
  const { conversation } = await wire.call('create', { create: { kind: 'direct', user } });
  let answered = false;
  const answer = new Promise<void>((resolve) => {
    wire.onEvent = (event) => {
      if (event.type !== 'message') return;
      for (const entry of event.entries) {
        answered ||= entry.kind === 'message' && entry.sender === user && entry.body?.text === `You said: ${text}`;
      }
      if (answered) resolve();
    };
  });
  while (!answered) {
    const draft = { kind: 'message', key: newKey(), body: { v: 1, text } } as const;
    await wire.call('send', { conversation: conversation.id, drafts: [draft] });
    const { feedHead } = await wire.call('ping', { shown: [], profiles: [] });
    const quiet = fetch(`${host.url}/api/poll?epoch=1&seq=${feedHead}&wait=500`, {
      headers: { authorization: `Bearer ${mara.token}` },
    });
    await Promise.race([answer, quiet.then((reply) => reply.text())]);
  }
  wire.close();
}
