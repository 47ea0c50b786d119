/** `bin/parley` as scripts use it, against a real server. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Host, LEASH, startServer } from '../../src/bench/host.ts';
import { atEnd } from '../endings.ts';
import * as hostile from '../media/hostile.ts';

const main = join(import.meta.dir, '../../src/cli/main.ts');
let folder = '';
let host: Host;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
  host = await startServer(join(folder, 'data'), await freePort());
  for (const name of ['mara', 'jo'])
    expect(await run(name, ['signup', name, '--server', host.url])).toMatchObject({ code: 0 });
}, 60_000);

afterAll(async () => {
  await host?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function start(who: string, args: readonly string[], flags: readonly string[] = []) {
  return Bun.spawn([process.execPath, '--no-env-file', ...flags, main, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PARLEY_HOME: join(folder, who), PARLEY_PASSWORD: 'correct horse battery' },
  });
}

async function run(who: string, args: readonly string[], input = ''): Promise<Ran> {
  const child = start(who, args);
  child.stdin.write(input);
  child.stdin.end();
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

/** What one has done shows to the others when it has been fanned out. */
async function untilOut(who: string, args: readonly string[], part: string): Promise<void> {
  while (!(await run(who, args)).out.includes(part));
}

const objects = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test('how long things stay is read and chosen, and what has gone says so', async () => {
  await run('mara', ['group', 'For now', 'jo', '--expires', '2h']);
  expect((await run('mara', ['lifetime', 'For now'])).out).toMatch(/^It lets the whole chat go on \d{4}-/);
  await run('mara', ['group', 'With timer', 'jo']);
  expect((await run('mara', ['lifetime', 'With timer', '5s'])).out).toBe(
    'It lets messages go 5s after they are sent.\n',
  );
  await run('mara', ['send', 'With timer', 'xyzzy']);
  expect((await run('mara', ['history', 'With timer'])).out).toContain('xyzzy');
  await untilOut('mara', ['history', 'With timer'], '(gone)');
  expect((await run('mara', ['history', 'With timer', '--json'])).out).not.toContain('xyzzy');
  expect(await run('mara', ['lifetime', 'With timer', '1h', '--reading'])).toMatchObject({ code: 1 });
  expect(await run('mara', ['lifetime', 'With timer', 'soon'])).toMatchObject({ code: 2 });
  expect((await run('mara', ['lifetime', 'With timer', 'always'])).out).toBe('It keeps messages.\n');
}, 60_000);

test('oneself and a group have a picture, until it is taken away', async () => {
  const path = join(folder, 'face.png');
  await Bun.write(path, await hostile.png());
  await Bun.write(join(folder, 'face.svg'), hostile.svg);
  expect((await run('mara', ['profile', '--picture', path])).out).toMatch(/^@mara {2}.* {2}has a picture\n$/);
  expect((await run('mara', ['profile', '--no-picture'])).out).toMatch(/ {2}no picture\n$/);
  expect((await run('mara', ['group', 'Faces', 'jo', '--picture', path])).code).toBe(0);
  expect((await run('mara', ['history', 'Faces'])).out).toContain('changed the group’s picture');
  expect(await run('mara', ['picture', 'Faces', 'nowhere.png'])).toEqual({
    code: 2,
    out: '',
    err: 'nowhere.png is no file.\n',
  });
  expect((await run('mara', ['picture', 'Faces', join(folder, 'face.svg')])).err).toBe(
    'face.svg could not be read as a picture. Choose a JPEG, PNG or WebP.\n',
  );
  await untilOut('jo', ['list'], 'Faces');
  expect((await run('jo', ['picture', 'Faces'])).err).toBe('Your role here does not allow that.\n');
  expect(objects((await run('mara', ['picture', 'Faces', '--json'])).out)).toMatchObject([{ picture: null }]);
}, 60_000);

test('the session is readable by its owner only', async () => {
  const mode = async (path: string) => (await stat(join(folder, 'mara', path))).mode & 0o777;
  expect(await mode('session.json')).toBe(0o600);
  expect(await mode('.')).toBe(0o700);
});

test('a message is sent, listed and read by the other', async () => {
  expect(await run('mara', ['send', 'jo', 'Hello', 'Jo'])).toEqual({ code: 0, out: '', err: '' });
  await untilOut('jo', ['list'], 'mara (1 unread)  Hello Jo');
  expect((await run('jo', ['history', 'mara'])).out).toMatch(/mara: Hello Jo\n$/);
});

test('one conversation, or all, is read at once', async () => {
  expect(await run('jo', ['read', 'mara'])).toEqual({ code: 0, out: 'mara: 1 read.\n', err: '' });
  expect((await run('jo', ['read', 'mara'])).out).toBe('Nothing is unread.\n');
  await run('mara', ['group', 'Both', 'jo']);
  await run('mara', ['send', 'Both', 'One']);
  await run('mara', ['send', 'jo', 'Two']);
  await untilOut('jo', ['list'], 'mara (1 unread)  Two');
  await untilOut('jo', ['list'], 'Both (1 unread)');
  const all = objects((await run('jo', ['read', '--all', '--json'])).out);
  expect(all.map(({ unread }) => unread)).toEqual([1, 1]);
  expect((await run('jo', ['list'])).out).not.toContain('unread)');
  const wrong = 'Say what you have read: parley read WHO, or --all.\n';
  expect(await run('jo', ['read'])).toMatchObject({ code: 2, err: wrong });
});

test('files are sent and saved, and none that is there is written over', async () => {
  const [one, two, saved] = [join(folder, 'one.txt'), join(folder, 'two.txt'), join(folder, 'saved')];
  await Promise.all([Bun.write(one, 'first'), Bun.write(two, 'second')]);
  const sent = await run('mara', ['send', 'jo', 'Two', 'files', '--file', one, '-f', two, '--json']);
  const { seq } = objects(sent.out)[0];
  await untilOut('jo', ['history', 'mara'], 'Two files [one.txt, 1 kB] [two.txt, 1 kB]');
  for (const names of [
    ['one.txt', 'two.txt'],
    ['one (2).txt', 'two (2).txt'],
  ]) {
    const ran = await run('jo', ['save', 'mara', String(seq), saved]);
    expect(ran).toEqual({ code: 0, out: names.map((name) => `${join(saved, name)}\n`).join(''), err: '' });
    expect(await Bun.file(join(saved, names[0]!)).text()).toBe('first');
  }
  expect((await run('mara', ['send', 'jo', '--file', folder])).err).toBe(`${folder} is no file.\n`);
  // On to somewhere else, without being brought again; and from there it is saved like any other.
  expect((await run('jo', ['forward', 'mara', String(seq), 'me'])).code).toBe(0);
  await untilOut('jo', ['history', 'me'], '(forwarded) Two files [one.txt, 1 kB] [two.txt, 1 kB]');
  const [kept] = objects((await run('jo', ['history', 'me', '-n', '1', '--json'])).out) as [{ seq: number }];
  const elsewhere = join(folder, 'elsewhere');
  expect((await run('jo', ['save', 'me', String(kept.seq), elsewhere])).code).toBe(0);
  expect(await Bun.file(join(elsewhere, 'one.txt')).text()).toBe('first');
  expect((await run('jo', ['save', 'mara', '1'])).err).toBe('There is nothing here that you may see.\n');
});

test('every line of a history names its conversation by id, the first one too', async () => {
  const read = objects((await run('jo', ['history', 'mara', '--json'])).out);
  expect(read[0]).toMatchObject({ kind: 'created', conversationKind: 'direct' });
  expect(new Set(read.map(({ conversation }) => conversation))).toEqual(new Set([read.at(-1).conversation]));
  expect(read[0].conversation).toHaveLength(22);
});

test('each line of a pipe is a message, in order', async () => {
  const sent = await run('mara', ['--json', 'send', '@jo'], 'one\n\ntwo\nthree');
  expect(sent.code).toBe(0);
  expect(objects(sent.out)).toHaveLength(3);
  const read = objects((await run('jo', ['history', 'mara', '--json', '-n', '3'])).out);
  expect(read.map(({ body }) => body.text)).toEqual(['one', 'two', 'three']);
  expect(read.every(({ senderName }) => senderName === 'mara')).toBe(true);
});

test('a thousand lines arrive once and in order', async () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}`);
  expect((await run('mara', ['send', 'me'], lines.join('\n'))).code).toBe(0);
  const read = objects((await run('mara', ['history', 'me', '--json', '-n', '1000'])).out);
  expect(read.map(({ body }) => body.text)).toEqual(lines);
});

test('a group is made and found by its title', async () => {
  expect((await run('mara', ['group', 'Trip to the sea', 'jo'])).out).toMatch(/^“Trip to the sea” has 2 members/);
  await untilOut('jo', ['list'], 'Trip to the sea');
  expect((await run('jo', ['send', 'trip to the sea', 'Yes!'])).code).toBe(0);
  expect((await run('mara', ['history', 'Trip to the sea'])).out).toContain('jo: Yes!');
});

test('search finds what was written, and tells where', async () => {
  await run('mara', ['send', 'jo', 'The Zoë rehearsal is on Friday']);
  await untilOut('jo', ['search', 'zoe', 'hears'], 'The Zoë rehearsal');
  const { out, code } = await run('jo', ['search', 'zoe', '--by', 'mara', '--json']);
  expect([code, objects(out)[0]]).toMatchObject([0, { title: 'mara', found: [[4, 7]] }]);
  expect((await run('jo', ['search', 'zoe', '--in', 'mara', '--until', '2020-01-01'])).out).toBe('Nothing is found.\n');
  expect(await run('jo', ['search', 'zoe', '--has', 'music'])).toMatchObject({ code: 2 });
  for (const day of ['Friday', '2026-02-31', '2026-13-01', '2026-1-1']) {
    expect(await run('jo', ['search', 'zoe', '--since', day])).toMatchObject({ code: 2 });
  }
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  expect((await run('jo', ['search', 'zoe', '--since', day, '--until', day])).out).toContain('The Zoë rehearsal');
});

test('search finds 北京, HQ and the middle of a word', async () => {
  await run('mara', ['send', 'jo'], '我们在北京见面\nCome to the HQ\nThe Donaudampfschiff is late');
  await untilOut('jo', ['search', 'dampfsch'], 'Donaudampfschiff');
  expect((await run('jo', ['search', '北京'])).out).toContain('我们在北京见面');
  expect((await run('jo', ['search', '京'])).out).toContain('我们在北京见面');
  expect((await run('jo', ['search', 'hq'])).out).toContain('Come to the HQ');
  expect((await run('jo', ['search', '东京'])).out).toBe('Nothing is found.\n');
});

test('a message calls the members whom it names', async () => {
  await run('mara', ['group', 'Callers', 'jo']);
  await untilOut('jo', ['list'], 'Callers');
  await run('mara', ['send', 'Callers', 'Hello @Jo, and @nobody']);
  await untilOut('jo', ['list'], 'Callers (1 unread, you are called)');
  const sent = objects((await run('mara', ['history', 'Callers', '--json', '-n', '1'])).out)[0];
  expect(sent.mentions).toHaveLength(1);
  await run('jo', ['read', 'Callers']);
  await run('mara', ['send', 'Callers'], 'not `@jo`, and jo@example.org\nbut @jo\nand @jo again');
  const read = objects((await run('jo', ['history', 'Callers', '--json', '-n', '3'])).out);
  expect(read.map(({ mentions }) => mentions ?? null)).toEqual([null, sent.mentions, sent.mentions]);
  await run('mara', ['edit', 'Callers', String(sent.seq), 'Hello', 'all']);
  await run('mara', ['edit', 'Callers', String(sent.seq), 'Hello', '@mara']);
  const [{ mentions }] = objects((await run('mara', ['history', 'Callers', '--json', '-n', '4'])).out) as [
    { mentions: string[] },
  ];
  expect(mentions).toEqual([sent.sender]);
});

test('what is too large is refused with its size and the limit, and nothing of it is brought', async () => {
  const long = 'ö'.repeat(9_000);
  const refusal = 'That text has 18,000 bytes; the limit is 16,384.\n';
  expect(await run('mara', ['send', 'me', long])).toEqual({ code: 1, out: '', err: refusal });
  // More than a frame holds, behind a line that fits.
  const piped = await run('mara', ['send', 'me', '--json'], `before it\n${'x'.repeat(100_000)}\nafter it`);
  expect(piped).toMatchObject({ code: 1, err: 'That text has 100,000 bytes; the limit is 16,384.\n' });
  expect(objects(piped.out)).toHaveLength(1);
  expect((await run('mara', ['history', 'me', '-n', '1'])).out).toContain('before it');
  const [large, small] = [join(folder, 'large.bin'), join(folder, 'small.txt')];
  await Bun.write(small, 'small');
  const file = await open(large, 'w');
  await file.truncate(100_000_001);
  await file.close();
  const refused = await run('mara', ['send', 'me', '-f', small, '-f', large]);
  expect(refused).toEqual({ code: 1, out: '', err: 'large.bin is 100.1 MB; the limit is 100 MB.\n' });
  expect((await run('mara', ['send', 'me', long, '-f', small])).err).toBe(refusal);
});

test('how far own messages have come is told by ticks, and in words to programs', async () => {
  expect((await run('mara', ['send', 'jo', 'Are you there?'])).code).toBe(0);
  expect((await run('mara', ['history', 'jo', '-n', '1'])).out).toMatch(/mara: Are you there\? ✓\n$/);
  expect((await run('mara', ['list'])).out).toContain('jo  ✓ Are you there?');
  const [told] = objects((await run('mara', ['history', 'jo', '-n', '1', '--json'])).out);
  expect(told).toMatchObject({ body: { text: 'Are you there?' }, state: 'sent' });
  // What comes while the other tails is delivered.
  const child = start('jo', ['tail']);
  try {
    const delivered = async () =>
      objects((await run('mara', ['history', 'jo', '--json'])).out).some(({ state }) => state === 'delivered');
    while (!(await delivered())) expect((await run('mara', ['send', 'jo', 'And now?'])).code).toBe(0);
    expect((await run('mara', ['history', 'jo'])).out).toContain('mara: And now? ✓✓\n');
  } finally {
    child.kill('SIGTERM');
    await child.exited;
  }
  const [others] = objects((await run('jo', ['history', 'mara', '-n', '1', '--json'])).out);
  expect(others.state).toBeUndefined();
}, 30_000);

test('people are found by display name, groups without their signs, and near ones are named', async () => {
  expect(await run('zoe', ['signup', 'zoe', '--display-name', 'Zoë Blåbær 🫐', '--server', host.url])).toMatchObject({
    code: 0,
  });
  expect((await run('mara', ['send', 'zoë blåbær', 'Hi'])).code).toBe(0);
  expect((await run('mara', ['group', 'Berries 🫐!', 'zoe'])).code).toBe(0);
  expect((await run('mara', ['send', 'berries', 'Ripe'])).code).toBe(0);
  expect(await run('mara', ['send', 'zo', 'Hi'])).toEqual({
    code: 1,
    out: '',
    err: 'There is no person and no group of yours called zo. Did you mean one of these?\n  @zoe  Zoë Blåbær 🫐\n',
  });
  expect((await run('mara', ['history', 'berr'])).err).toContain('Did you mean one of these?\n  Berries 🫐!\n');
  expect((await run('zoe2', ['signup', 'zoe2', '--display-name', 'Zoë Blåbær', '--server', host.url])).code).toBe(0);
  expect((await run('mara', ['send', 'Zoë Blåbær', 'Hi'])).err).toBe(
    'More than one person is called that. Say which one:\n  @zoe  Zoë Blåbær 🫐\n  @zoe2  Zoë Blåbær\n',
  );
});

test('help tells the exit codes, and no sentence begins with error', async () => {
  expect((await run('mara', ['--help'])).out).toContain('Exit codes: 0 done');
  expect((await run('mara', ['frobnicate'])).err).toStartWith("Unknown command 'frobnicate'");
});

test('a second follower of the same account is refused', async () => {
  const first = start('mara', ['tail', '--json']);
  const reading = first.stdout.getReader();
  try {
    const lock = /replica-.*\.lock$/;
    while (!(await readdir(join(folder, 'mara'))).some((name) => lock.test(name)));
    expect(await run('mara', ['chat', 'jo'])).toMatchObject({ code: 75, out: '' });
  } finally {
    first.kill('SIGTERM');
    await reading.cancel();
    expect(await first.exited).toBe(0);
  }
});

test('what is wrong is said in a sentence, with a code', async () => {
  expect(await run('mara', ['send', 'nobody', 'Hi'])).toEqual({
    code: 1,
    out: '',
    err: 'There is no person and no group of yours called nobody.\n',
  });
  expect(await run('stranger', ['list'])).toMatchObject({ code: 77, out: '' });
  expect(await run('stranger', ['signin', 'mara', '--server', 'http://127.0.0.1:1'])).toMatchObject({
    code: 69,
    out: '',
  });
  expect((await run('mara', ['frobnicate'])).code).toBe(2);
  expect((await run('mara', ['history', 'jo', '-n', 'x'])).code).toBe(2);
  expect((await run('mara', ['signin', 'jo'])).code).toBe(2);
});

test('tail prints what is written while it runs', async () => {
  const child = start('jo', ['tail', 'mara', '--json'], ['--preload', LEASH]);
  atEnd(() => child.kill('SIGKILL'));
  const texts: string[] = [];
  const reading = (async () => {
    let rest = '';
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) texts.push(JSON.parse(line).body?.text);
    }
  })();
  try {
    for (let i = 0; i < 40 && !texts.some((text) => text?.startsWith('Are you there')); i++) {
      await run('mara', ['send', 'jo', `Are you there ${i}`]);
    }
    expect(texts.some((text) => text?.startsWith('Are you there'))).toBe(true);
  } finally {
    child.kill('SIGTERM');
  }
  await reading;
  expect(await child.exited).toBe(0);
}, 30_000);

test('chat in a pipe sends its lines and ends with them', async () => {
  const chat = await run('mara', ['chat', 'jo'], 'From a pipe\n');
  expect(chat).toMatchObject({ code: 0, err: '' });
  expect((await run('jo', ['history', 'mara', '-n', '1'])).out).toContain('mara: From a pipe');
});

test('devices are listed and signed out', async () => {
  expect((await run('second', ['signin', 'jo', '--server', host.url])).code).toBe(0);
  const listed = objects((await run('jo', ['devices', '--json'])).out);
  expect(listed).toHaveLength(2);
  const other = listed.find(({ current }) => !current);
  expect((await run('jo', ['devices', '--revoke', other.id])).code).toBe(0);
  expect((await run('second', ['list'])).code).toBe(77);
  expect((await run('jo', ['signout'])).code).toBe(0);
  expect((await run('jo', ['list'])).code).toBe(77);
});

const LED = 'The invitation leads to a chat. See it: parley list\n';

test('where people join by invitation, a link lets somebody in, and says where', async () => {
  const data = await mkdtemp(join(folder, 'invited-'));
  const invited = await startServer(data, await freePort(), { PARLEY_JOIN: 'invited' });
  atEnd(() => invited.kill('SIGTERM'));
  const setUp = ['signup', 'mara', '--server', invited.url, '--server-name', 'Elm Street', '--strangers'];
  expect(await run('owner', setUp)).toMatchObject({ code: 0 });
  const uninvited = await run('guest', ['signup', 'theo', '--server', invited.url]);
  expect(uninvited).toEqual({ code: 1, out: '', err: 'This server takes new people by invitation only.\n' });
  const { token } = await Bun.file(join(folder, 'owner', 'session.json')).json();
  const answer = await fetch(`${invited.url}/api/commands`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify([
      { id: 1, type: 'community' },
      { id: 2, type: 'invite', conversation: null, role: 'person', uses: 1, hours: 1 },
    ]),
  });
  const [{ result: community }, { result }] = await answer.json();
  expect(community).toEqual({ name: 'Elm Street', join: 'invited', people: 'strangers' });
  const link = `${invited.url}/join/${result.code}`;
  expect(await run('guest', ['join', link, 'theo'])).toMatchObject({
    code: 0,
    out: `Signed in as theo on ${invited.url}.\n${LED}`,
  });
  await untilOut('guest', ['list'], 'you joined by this invitation');
  const used = await run('third', ['join', link, 'ines']);
  expect(used).toMatchObject({ code: 1, err: expect.stringContaining('This link lets nobody in any more.') });
  const unknown = await run('third', ['join', link.slice(0, -4), 'ines']);
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('knows no such link') });
});

test('where strangers meet, what one writes first is a request, accepted or declined by name', async () => {
  const data = await mkdtemp(join(folder, 'strangers-'));
  const town = await startServer(data, await freePort(), { PARLEY_JOIN: 'anyone' });
  atEnd(() => town.kill('SIGTERM'));
  const founding = ['signup', 'ana', '--server', town.url, '--server-name', 'Town', '--open', '--strangers'];
  expect(await run('ana', founding)).toMatchObject({ code: 0 });
  for (const name of ['ben', 'cyd']) {
    const shown = ['--display-name', `${name} IS THE BEST`];
    expect(await run(name, ['signup', name, '--server', town.url, ...shown])).toMatchObject({ code: 0 });
    expect(await run(name, ['send', 'ana', 'May', 'I?'])).toMatchObject({ code: 0 });
    expect(await run(name, ['send', 'ana', 'Please'])).toMatchObject({
      code: 1,
      err: 'Your request is not answered yet. You can write more once it is accepted.\n',
    });
  }
  await untilOut('ana', ['list'], 'ben (request)  May I?');
  await untilOut('ana', ['list'], 'cyd (request)  May I?');
  expect((await run('ana', ['list'])).out).not.toContain('BEST');
  expect((await run('ben', ['list'])).out).toContain('ana (not answered yet)  ✓ May I?');
  expect(await run('ana', ['decline', '@cyd'])).toEqual({ code: 0, out: '', err: '' });
  expect((await run('ana', ['list'])).out).not.toContain('cyd');
  expect((await run('cyd', ['list'])).out).toContain('ana (not answered yet)');
  const [{ conversation }] = objects((await run('ana', ['accept', 'ben', '--json'])).out);
  expect(conversation).toHaveLength(22);
  expect(await run('ben', ['send', 'ana', 'Good'])).toMatchObject({ code: 0 });
  await untilOut('ana', ['list'], 'ben (2 unread)  Good');
  expect(await run('ana', ['accept', 'ben'])).toMatchObject({
    code: 1,
    err: 'There is no request to answer here any more.\n',
  });
});

test('whom one blocks can write nothing, and is folded in groups, until one does no more', async () => {
  for (const name of ['uma', 'vic', 'wes']) await run(name, ['signup', name, '--server', host.url]);
  await run('uma', ['send', 'vic', 'Hello']);
  await run('wes', ['group', 'Three', 'uma', 'vic']);
  await untilOut('uma', ['list'], 'Three');
  await run('vic', ['send', 'Three', 'Nonsense']);
  expect(await run('uma', ['blocked'])).toMatchObject({ out: 'You have blocked nobody.\n' });
  expect(await run('uma', ['block', 'vic'])).toMatchObject({ code: 0, out: expect.stringContaining('not told') });
  expect((await run('uma', ['blocked'])).out).toEndWith('vic\n');
  for (const [who, to] of [
    ['vic', 'uma'],
    ['uma', 'vic'],
  ] as const) {
    expect(await run(who, ['send', to, 'Well'])).toMatchObject({ code: 1, err: 'You cannot write to this person.\n' });
  }
  expect((await run('uma', ['list'])).out).toContain('vic (blocked)');
  for (const args of [['list'], ['history', 'Three']]) {
    const { out } = await run('uma', args);
    expect(out).toContain('(from somebody you blocked)');
    expect(out).not.toContain('Nonsense');
  }
  expect((await run('wes', ['history', 'Three'])).out).toContain('Nonsense');
  await run('uma', ['unblock', 'vic']);
  expect(await run('vic', ['send', 'uma', 'Well'])).toMatchObject({ code: 0 });
  expect((await run('uma', ['history', 'Three'])).out).toContain('Nonsense');
});

test('an invitation makes an account, another joins its group, and a link signs a device in', async () => {
  await run('mara', ['group', 'By link']);
  await untilOut('mara', ['list'], 'By link');
  const made = await run('mara', ['invite', '--group', 'By link', '--uses', '2', '--json']);
  const [{ link, uses, until }] = objects(made.out);
  expect(link).toStartWith(`${host.url}/join/`);
  expect([uses, until]).toEqual([2, expect.any(Number)]);
  expect(await run('kim', ['join', link, 'kim'])).toMatchObject({
    code: 0,
    out: `Signed in as kim on ${host.url}.\n${LED}`,
  });
  await run('nia', ['signup', 'nia', '--server', host.url]);
  expect(await run('nia', ['join', link])).toMatchObject({
    out: expect.stringContaining('You are in the chat that it leads to.'),
  });
  await untilOut('kim', ['list'], 'By link');
  expect(await run('late', ['join', link, 'late'])).toMatchObject({ code: 1, err: expect.stringContaining('link') });
  const reset = Bun.spawn([process.execPath, '--no-env-file', main, 'reset', 'kim', '--data', join(folder, 'data')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [signInLink = ''] = (await new Response(reset.stdout).text()).split('\n');
  expect(signInLink).toStartWith(`${host.url}/enter/`);
  const entered = await run('kim2', ['sign-in', '--link', signInLink]);
  expect(entered).toMatchObject({ code: 0, err: expect.stringContaining('whoever runs the server') });
  expect(await run('kim', ['list'])).toMatchObject({ code: 77 });
  expect(await run('kim3', ['sign-in', '--link', signInLink])).toMatchObject({ code: 1 });
}, 60_000);

test('says which versions it is of', async () => {
  expect((await run('mara', ['--version'])).out).toMatch(/^Parley \d+\.\d+\.\d+, protocol \d+, data format \d+\n$/);
});

test('what is done to a message by its number shows in its history, and in the list', async () => {
  const [sent] = objects((await run('mara', ['send', 'me', 'one', '--json'])).out) as [{ seq: number }];
  const number = String(sent.seq);
  const on = (...args: string[]) => run('mara', args);
  const history = async () => (await on('history', 'me', '--numbers', '-n', '1')).out.trim();
  expect(await on('edit', 'me', number, 'two', 'words\u0007')).toMatchObject({ code: 0, err: '' });
  expect(await on('react', 'me', number, '🎉')).toMatchObject({ code: 0, err: '' });
  expect(await history()).toMatch(new RegExp(`^#${number} .* mara: two words.* \\(edited\\)  🎉$`));
  expect((await on('react', 'me', number, '-')).code).toBe(0);
  expect(await history()).toMatch(/\(edited\)$/);
  expect((await on('versions', 'me', number)).out.trim().split('\n')).toMatchObject(
    [/ one$/, / two words\ufffd$/].map(expect.stringMatching),
  );
  expect((await on('forward', 'me', number, 'me')).code).toBe(0);
  expect(await history()).toContain('(forwarded) two words\ufffd');
  expect((await on('pin', 'me', number)).code).toBe(0);
  expect((await on('delete', 'me', String(sent.seq + 4))).code).toBe(0);
  expect((await on('list')).out).toContain('(deleted)');
  expect(await on('edit', 'me', String(sent.seq + 4), 'back')).toMatchObject({
    code: 1,
    err: 'This message was deleted.\n',
  });
  expect(await on('edit', 'me', '1', 'no message')).toMatchObject({ code: 1 });
  expect((await on('delete', 'me', number, '--for-me')).code).toBe(0);
  expect((await on('history', 'me', '--numbers')).out).not.toContain(`#${number} `);
});
