/** The full screen on a terminal: what it shows, what keys do, and that it leaves the terminal as it was. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Host, startServer } from '../../src/bench/host.ts';
import { createMessenger, type Messenger, signUp } from '../../src/client/index.ts';

const main = join(import.meta.dir, '../../src/cli/main.ts');
const password = 'correct horse battery';
let folder = '';
let host: Host;
let jo: Messenger;
let group = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-screen-'));
  host = await startServer(join(folder, 'data'), await freePort());
  const session = await signUp({ server: host.url, name: 'jo', password, device: 'test' });
  jo = await createMessenger({ server: host.url, session });
  const signingUp = Bun.spawn(command('signup', 'mara', '--server', host.url), { env: env(), stdout: 'ignore' });
  expect(await signingUp.exited).toBe(0);
  const { people } = await jo.people('mara');
  group = await jo.createGroup('Sea trip', [people[0]!.user]);
  for (let i = 1; i <= 60; i++) await jo.send(group, `Line ${i} of a long story`);
  await jo.stored(await jo.send(group, 'The end of it'));
}, 60_000);

afterAll(async () => {
  await jo?.close();
  await host?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const command = (...args: string[]) => [process.execPath, '--no-env-file', main, ...args];
// Ink paints nothing but the end where it takes itself to be in a build.
const env = () => ({
  ...process.env,
  CI: '0',
  CONTINUOUS_INTEGRATION: '0',
  TERM: 'xterm-256color',
  PARLEY_HOME: join(folder, 'mara'),
  PARLEY_PASSWORD: password,
});

/** The next texts that come to the other. */
function next(count: number): Promise<string[]> {
  const texts: string[] = [];
  return new Promise((resolve) => {
    jo.on('message', ({ entry }) => {
      if (entry.kind === 'message' && texts.push(entry.body?.text ?? '') === count) resolve(texts);
    });
  });
}

/** A chat on a terminal of its own; `until` waits for a text to be painted after the last key. */
function open(cols: number, rows: number, ...who: string[]) {
  let painted = '';
  let wake = () => {};
  const child = Bun.spawn(command('chat', ...who), {
    env: env(),
    terminal: {
      cols,
      rows,
      data(_terminal, data) {
        painted += new TextDecoder().decode(data);
        wake();
      },
    },
  });
  return {
    child,
    all: () => painted,
    async until(text: string | RegExp, from = 0): Promise<void> {
      const plain = () => Bun.stripANSI(painted.slice(from));
      while (!(typeof text === 'string' ? plain().includes(text) : text.test(plain()))) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    press(keys: string): number {
      const from = painted.length;
      child.terminal!.write(keys);
      return from;
    },
    resize(wide: number, high: number): number {
      const from = painted.length;
      child.terminal!.resize(wide, high);
      return from;
    },
  };
}

test('it shows the newest, pages back, follows, sends, and leaves the terminal as it was', async () => {
  const chat = open(90, 20);
  try {
    // Its last line stands beside it, too, before it is there.
    await chat.until('Line 60 of a long story');
    const back = chat.press('\u001b[5~');
    await chat.until('PageDown for what is newer', back);
    expect(Bun.stripANSI(chat.all().slice(back))).toMatch(/Line 4\d of a long story/);
    await chat.until('2 members', chat.press('\u001b[6~'));
    await chat.until('> On my wey', chat.press('On my way\u007f\u007fey'));
    const heard = next(2);
    await chat.until('On my wey ✓', chat.press('\r'));
    // Enter may come together with what stands before it.
    await chat.until('In ten minutes ✓', chat.press('In ten minutes\r'));
    expect(await heard).toEqual(['On my wey', 'In ten minutes']);
    const resized = chat.resize(40, 12);
    await chat.until('↑↓', resized);
    expect(Bun.stripANSI(chat.all().slice(resized))).toContain('In ten minutes');
    chat.press('\u0003');
    expect(await chat.child.exited).toBe(0);
    expect(chat.all()).toContain('\u001b[?1049h');
    expect(chat.all().lastIndexOf('\u001b[?1049l')).toBeGreaterThan(chat.all().lastIndexOf('The end of it'));
  } finally {
    chat.child.kill('SIGKILL');
    await chat.child.exited;
  }
}, 30_000);

test('what is hidden shows with a key, and an act that is refused says why', async () => {
  const chat = open(90, 20, 'Sea trip');
  try {
    await chat.until('↑↓');
    await jo.stored(await jo.send(group, 'It was ||the gardener|| **all** along'));
    await chat.until('It was ▒▒▒▒ all along');
    await chat.until('Ctrl+T shows what is hidden');
    await chat.until('It was the gardener all along', chat.press('\u0014'));
    expect(chat.all()).toContain('\u001b[1mall\u001b[22m');
    await chat.until('> /react no', chat.press('/react no'));
    await chat.until(/Not done\. \S.*\./, chat.press('\r'));
  } finally {
    chat.child.kill('SIGKILL');
    await chat.child.exited;
  }
}, 30_000);

test('a request shows the user name only, and a key accepts it', async () => {
  await jo.changeCommunity({ people: 'strangers' });
  const session = await signUp({ server: host.url, name: 'kim', displayName: 'THE BEST', password, device: 'test' });
  const kim = await createMessenger({ server: host.url, session });
  const { people } = await kim.people('mara');
  await kim.stored(await kim.send(await kim.openDirect(people[0]!.user), 'May I write to you?'));
  const chat = open(90, 20, 'kim');
  try {
    await chat.until('Ctrl+Y accepts');
    await chat.until(/kim: May I write to you/);
    expect(Bun.stripANSI(chat.all())).not.toContain('THE BEST');
    await chat.until('THE BEST', chat.press('\u0019'));
    await chat.until(/> With pleasure/, chat.press('With pleasure'));
    chat.press('\u0003');
    expect(await chat.child.exited).toBe(0);
  } finally {
    chat.child.kill('SIGKILL');
    await chat.child.exited;
    await kim.close();
  }
}, 30_000);
