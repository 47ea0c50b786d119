/**
 * Executes the Dockerfile where no container can run: each stage is an empty folder, what is fetched for FROM is this
 * machine, and the server runs as the user of USER (when this runs as root) on files that it cannot write. Instructions
 * that this does not know are refused, so that the Dockerfile does not outgrow what is tried here.
 */
import { rmSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Stage {
  readonly root: string;
  /** An absolute path in the container. */
  workdir: string;
  readonly env: Record<string, string>;
  user: string | null;
  health: readonly string[];
  command: readonly string[];
}

const context = join(import.meta.dir, '..');
const isRoot = process.getuid?.() === 0;
const PATIENCE_MS = 30_000;

/** Name and rest of each instruction, with continued lines joined and comments gone. */
function instructionsOf(text: string): (readonly [name: string, rest: string])[] {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^(\w+)\s+(.*)$/.exec(line.trim())!)
    .map(([, name = '', rest = '']) => [name, rest]);
}

/** Leading `--name=value` and what follows them. */
function flagsOf(rest: string): [flags: Record<string, string>, rest: string] {
  const flags: Record<string, string> = {};
  const after = rest.replace(/^(--[\w-]+=\S+\s+)+/, (found) => {
    for (const [, name = '', value = ''] of found.matchAll(/--([\w-]+)=(\S+)/g)) flags[name] = value;
    return '';
  });
  return [flags, after];
}

const inside = (stage: Stage, path: string) => join(stage.root, resolve(stage.workdir, path));

/** As COPY does: a folder's content goes into the target, a file goes into a target that ends with a slash. */
async function copy(stage: Stage, from: (path: string) => string, rest: string, owner?: string): Promise<void> {
  const names = rest.split(/\s+/);
  const to = names.pop() ?? '';
  const target = inside(stage, to);
  for (const name of names) {
    const source = from(name);
    const isFolder = (await stat(source)).isDirectory();
    const path = isFolder || !to.endsWith('/') ? target : join(target, name.split('/').at(-1)!);
    await cp(source, path, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    if (owner === undefined || !isRoot) continue;
    const [user = 0, group = user] = owner.split(':').map(Number);
    for (const each of ['.', ...(isFolder ? await readdir(path, { recursive: true }) : [])]) {
      await chown(join(path, each), user, group);
    }
  }
}

async function run(stage: Stage, line: string): Promise<void> {
  const child = Bun.spawn(['sh', '-ec', line], {
    cwd: inside(stage, '.'),
    env: { ...process.env, ...stage.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`RUN ${line} ended with ${child.exitCode}:\n${said.join('')}`);
}

/** The last stage, with everything done that the Dockerfile says. */
async function build(folder: string): Promise<Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const [name, rest] of instructionsOf(await readFile(join(context, 'Dockerfile'), 'utf8'))) {
    const began = performance.now();
    if (name === 'FROM') {
      const [, as = String(stages.size)] = /\sAS\s+(\w+)$/.exec(rest) ?? [];
      stage = { root: join(folder, as), workdir: '/', env: {}, user: null, health: [], command: [] };
      stages.set(as, stage);
      await mkdir(stage.root);
      console.log(`      ${name} ${rest}`);
      continue;
    }
    if (!stage) throw new Error(`${name} stands before the first FROM.`);
    const [flags, after] = flagsOf(rest);
    switch (name) {
      case 'WORKDIR':
        stage.workdir = resolve(stage.workdir, rest);
        await mkdir(inside(stage, '.'), { recursive: true });
        break;
      case 'COPY': {
        const { from, chown: owner } = flags;
        const other = from === undefined ? null : stages.get(from);
        if (other === undefined) throw new Error(`There is no stage ${from}.`);
        await copy(stage, (path) => (other ? inside(other, path) : join(context, path)), after, owner);
        break;
      }
      case 'RUN':
        await run(stage, rest);
        break;
      case 'ENV': {
        const [, key = '', value = ''] = /^(\w+)=(\S*)$/.exec(rest) ?? [];
        if (key === '') throw new Error(`ENV ${rest} is not NAME=value.`);
        stage.env[key] = value;
        break;
      }
      case 'USER':
        stage.user = rest;
        break;
      case 'HEALTHCHECK':
        stage.health = JSON.parse(after.replace(/^CMD\s+/, ''));
        break;
      case 'CMD':
        stage.command = JSON.parse(rest);
        break;
      case 'EXPOSE':
      case 'VOLUME':
        break;
      default:
        throw new Error(`${name} is not known here.`);
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`ok    ${name} ${rest.slice(0, 90)} (${seconds} s)`);
  }
  if (!stage) throw new Error('There is no FROM.');
  return stage;
}

/** As the container's user would, in its place, with its environment and a port that is free here. */
function start(stage: Stage, command: readonly string[], port: number) {
  const as = /^(\d+):(\d+)$/.exec(stage.user ?? '');
  if (!as) throw new Error('USER must be two numbers, so that no name has to be looked up.');
  const drop = isRoot ? ['setpriv', `--reuid=${as[1]}`, `--regid=${as[2]}`, '--clear-groups', '--no-new-privs'] : [];
  return Bun.spawn([...drop, ...command], {
    cwd: inside(stage, '.'),
    env: { PATH: process.env['PATH'] ?? '', ...stage.env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function freePort(): Promise<number> {
  const { promise, resolve: found } = Promise.withResolvers<number>();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => found(typeof address === 'object' && address ? address.port : 0));
  });
  return promise;
}

const folder = await mkdtemp(join(tmpdir(), 'parley-image-'));
let passed = 0;
let failed = 0;
const expect = (what: string, is: boolean) => {
  console.log(`${is ? 'ok    ' : 'FAILED'} ${what}`);
  if (is) passed++;
  else failed++;
};
let server: ReturnType<typeof start> | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  });
}
try {
  await chmod(folder, 0o755);
  const stage = await build(folder);
  expect('every step of the Dockerfile', true);
  const data = inside(stage, 'data');
  if (!isRoot) await run(stage, 'find . -not -path "./data*" -exec chmod a-w {} +');
  const port = await freePort();
  server = start(stage, stage.command, port);
  const isHealthy = async () => (await start(stage, stage.health, port).exited) === 0;
  const until = performance.now() + PATIENCE_MS;
  let healthy = false;
  while (!healthy && server.exitCode === null && performance.now() < until) healthy = await isHealthy();
  expect('HEALTHCHECK passes', healthy);
  if (healthy) {
    expect('/livez answers', (await fetch(`http://127.0.0.1:${port}/livez`)).ok);
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    expect('the web app is there', page.includes('/assets/'));
    const write = start(stage, ['sh', '-c', 'touch src/server/main.ts || touch new'], port);
    expect('it cannot write but in /app/data', (await write.exited) !== 0);
    expect('it keeps its data in /app/data', (await readdir(data)).includes('store'));
  }
  server.kill('SIGTERM');
  const code = await server.exited;
  expect('SIGTERM ends it with 0', code === 0);
  if (failed > 0) console.log(await new Response(server.stdout).text(), await new Response(server.stderr).text());
  if (healthy) expect('HEALTHCHECK fails when it is gone', !(await isHealthy()));
} catch (error) {
  expect((error as Error).message, false);
} finally {
  server?.kill('SIGKILL');
  await server?.exited;
  if (!isRoot) Bun.spawnSync(['chmod', '-R', 'u+w', folder]);
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
