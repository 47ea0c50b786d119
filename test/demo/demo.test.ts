/** The demo, in small: what it promises to whoever comes to its door. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  type ConversationView,
  createMessenger,
  type MemberView,
  type Messenger,
  signIn,
} from '../../src/client/index.ts';
import type { Plan } from '../../src/demo/door/plan.ts';
import { drawn } from '../../src/demo/drawings.ts';
import { enliven } from '../../src/demo/life.ts';
import { pdfOf } from '../../src/demo/pdf.ts';
import { gardenSign, portrait } from '../../src/demo/portraits.ts';
import { LARGE, SMALL_TALK, USUAL, willowLane } from '../../src/demo/sample/sample.ts';
import { openStreet, type Street } from '../../src/demo/street.ts';
import { momentOf, type Person, type Talk, timed } from '../../src/demo/talk.ts';
import { webOf } from '../../src/server/web.ts';
import { SeededRandom } from '../../src/sim/time.ts';

/** Of the lively ones: five times as quick as people. */
const PACE = 0.2;
const SIZE = { history: 90, neighbours: 290, walks: 3 };
const TODAY = new Date(2026, 4, 21, 15, 40).getTime();
/** Each picture is read by a process of its own; a few show what all do. */
const SHOWN = ['Bakery on the corner 🥐', 'Noa moves house 📦'];
const whole = willowLane(SIZE);
/** Each picture is read by a process of its own, those of people too. */
const FACES = ['mara', 'theo'];
const sample = {
  ...whole,
  people: whole.people.map(({ look, ...person }): Person => {
    return look && FACES.includes(person.name) ? { ...person, look } : person;
  }),
  talks: whole.talks.map((talk) => {
    const isShown = talk.kind === 'group' && SHOWN.includes(talk.title);
    return { ...talk, files: isShown ? (talk.files ?? []).slice(0, 1) : [] };
  }),
};
let street: Street;
let mara: Messenger;

beforeAll(async () => {
  street = await openStreet({ port: 0, today: TODAY, sample, still: true, web: webOf('/nowhere') });
  mara = await enter('mara');
}, 120_000);

afterAll(async () => {
  await mara?.close();
  await street?.stop();
});

async function enter(name: string): Promise<Messenger> {
  const session = await signIn({ server: street.url, name, password: sample.password, device: 'test' });
  const messenger = await createMessenger({ server: street.url, session });
  await messenger.caughtUp();
  return messenger;
}

const plan = async () => (await (await fetch(`${street.url}/demo/plan.json`)).json()) as Plan;
const person = (name: string) => sample.people.find((one) => one.name === name)!;
const hasLeft = (name: string) => person(name).leaves !== undefined;
const userOf = (name: string) => street.residents.get(name)!.session.user;

/** The view of each of Mara's talks. */
function views() {
  return sample.talks
    .filter(({ people }) => people.some((name) => name === 'mara'))
    .map((talk) => [talk, mara.conversation(street.conversations.get(talk)!) as ConversationView] as const);
}

const direct = (name: string) =>
  views().find(([{ kind, people }]) => kind === 'direct' && people.some((one) => one === name))!;

const sizeOf = (talk: Talk) => talk.people.length + (talk.kind === 'group' && talk.everybody ? SIZE.neighbours : 0);

test('all people are there, under their names', async () => {
  for (const { name, displayName } of sample.people) {
    const { people } = await mara.people(name);
    expect(people.find((one) => one.name === name)?.displayName).toBe(displayName);
  }
  expect(sample.people).toHaveLength(14);
});

test('all conversations are there, with what was not read, muted, pinned, archived and begun', () => {
  // And what somebody has written who is blocked.
  expect(mara.inbox().conversations).toHaveLength(views().length + 1);
  for (const [talk, view] of views()) {
    expect(view).toMatchObject({
      unread: talk.unread?.['mara'] ?? 0,
      muted: talk.muted?.includes('mara') ?? false,
      pinned: talk.pinned?.includes('mara') ?? false,
      archived: talk.archived?.includes('mara') ?? false,
      draft: talk.drafts?.['mara'] ?? '',
      memberCount: sizeOf(talk),
    });
  }
  expect(views().map(([talk]) => sizeOf(talk))).toContain(300);
  expect(views().map(([talk]) => sizeOf(talk))).toContain(6);
});

test('groups have their owner and their admins', async () => {
  for (const [talk, { id }] of views()) {
    if (talk.kind !== 'group') continue;
    const members: MemberView[] = [];
    for (let next: string | null | undefined; next !== null; ) {
      const page = await mara.members(id, next ?? null);
      members.push(...page.members);
      next = page.next;
    }
    const named = (role: string) => members.filter((member) => member.role === role).map(({ user }) => user);
    expect(named('owner')).toEqual([userOf(talk.people[0]!)]);
    expect(named('admin').sort()).toEqual((talk.admins ?? []).map(userOf).sort());
  }
});

test('what was said is there in its order, at its time, and answers name what they answer', async () => {
  for (const [talk, { id }] of views()) {
    const timeline = mara.timeline(id, { page: 200 });
    await timeline.jump('newest');
    const entries = timeline
      .view()
      .items.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'message' ? [item.entry] : []));
    const lines = timed(talk.lines, street.today).map((line, i) => {
      const acts = (talk.acts ?? []).filter(({ on }) => on === i);
      const text = acts.find(({ edit }) => edit !== undefined)?.edit ?? line.text;
      return { ...line, text: acts.some((act) => act.delete) ? '' : text };
    });
    expect(entries.map(({ body }) => body?.text ?? '')).toEqual(lines.map(({ text }) => text));
    for (const { text, to, moment } of lines) {
      const entry = entries.find(({ body }) => (body?.text ?? '') === text);
      expect(entry?.at).toBe(moment);
      if (to !== undefined) expect(entries.find(({ seq }) => seq === entry?.ref)?.body?.text).toBe(lines[to]?.text);
    }
    timeline.close();
  }
});

test('times go on, lie in the last three weeks, and nobody speaks who has left', () => {
  for (const { lines } of willowLane().talks) {
    const moments = timed(lines, TODAY).map(({ moment }) => moment);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments[0]).toBeGreaterThanOrEqual(TODAY - 22 * 86_400_000);
    expect(moments.at(-1)).toBeLessThan(TODAY);
    for (const { from, moment } of timed(lines, TODAY)) {
      const { leaves } = person(from);
      if (leaves) expect(moment).toBeLessThan(momentOf(leaves, TODAY));
    }
  }
});

test('what was written to whoever had gone is sent, to whoever never reads is received, else read', async () => {
  const markOf = (name: string) => direct(name)[1].marks.get(userOf(name))!;
  const until = async (name: string, holds: () => boolean) => {
    mara.show([direct(name)[1].id]);
    while (!holds()) await new Promise<void>((changed) => void mara.subscribe(changed));
  };
  expect(markOf('kwame').delivered).toBeLessThan(direct('kwame')[1].head);
  await until('mei', () => markOf('mei').delivered === direct('mei')[1].head);
  expect(markOf('mei').read).toBeLessThan(direct('mei')[1].head);
  await until('theo', () => markOf('theo').read === direct('theo')[1].head);
});

test('pictures and files are there, and each picture is drawn the same each time', async () => {
  const handed = sample.talks.flatMap((talk) => (talk.files ?? []).map((one) => ({ talk, ...one })));
  const kinds = new Set<string>();
  for (const { talk, on, files } of handed) {
    const conversation = street.conversations.get(talk)!;
    const timeline = mara.timeline(conversation, { page: 200 });
    await timeline.jump('newest');
    const said = timeline
      .view()
      .items.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'message' ? [item.entry] : []));
    const sent = said[on]!.body!.files!;
    expect(sent).toHaveLength(files.length);
    const { addresses } = await mara.addresses(
      conversation,
      sent.map(({ id }) => id),
    );
    for (const [i, { small, file }] of addresses.entries()) {
      const answer = await fetch(street.url + (small ?? file));
      kinds.add(answer.headers.get('content-type')!);
      expect((await answer.bytes()).length).toBeGreaterThan(500);
      expect(small === undefined).toBe(files[i]!.as === 'file');
    }
    timeline.close();
  }
  expect([...kinds].sort()).toEqual(['application/octet-stream', 'image/webp']);
  expect(await drawn('bread')).toEqual(await drawn('bread'));
}, 20_000);

test('a page made by hand says where its parts are', async () => {
  const file = Buffer.from(pdfOf(['Boxes (all)', 'No. 23: \\?'])).toString('latin1');
  const table = Number(/startxref\n(\d+)/.exec(file)![1]);
  expect(file.slice(table)).toStartWith('xref\n0 6\n');
  const starts = [...file.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
  expect(starts.map((at) => file.slice(at, at + 7))).toEqual([1, 2, 3, 4, 5].map((number) => `${number} 0 obj`));
  expect(file).toContain('(Boxes \\(all\\)) Tj');
  const [, length] = /\/Length (\d+)/.exec(file)!;
  expect(file).toMatch(new RegExp(`stream\\n[\\s\\S]{${length}}\\nendstream`));
});

test('somebody is mentioned in what is not read', async () => {
  const [, { id, read }] = views().find(([talk]) => talk.kind === 'group' && talk.everybody)!;
  const timeline = mara.timeline(id, { page: 200 });
  await timeline.jump('newest');
  const unread = timeline
    .view()
    .items.flatMap((item) => (item.kind === 'entry' && item.entry.seq > read ? [item.entry] : []));
  const mentions = unread.flatMap((entry) => (entry.kind === 'message' ? (entry.mentions ?? []) : []));
  expect(mentions).toEqual([userOf('mara')]);
  timeline.close();
});

test('who left is not online since then, the others are', async () => {
  const names = sample.people.map(({ name }) => name);
  mara.watch(names.map(userOf));
  const online = (name: string) => mara.presence(userOf(name))?.online;
  while (names.some((name) => online(name) === undefined)) {
    await new Promise<void>((changed) => void mara.subscribe(changed));
  }
  for (const name of names.filter((name) => name !== 'mara'))
    expect([name, online(name)]).toEqual([name, !hasLeft(name)]);
  for (const { name, leaves } of sample.people) {
    if (leaves) expect([name, mara.presence(userOf(name))?.lastSeen]).toEqual([name, momentOf(leaves, street.today)]);
  }
});

test('the door opens six people, whose ids are the same each time', async () => {
  const { visitors, password } = await plan();
  expect(visitors.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4, 5]);
  for (const { name, user } of visitors) {
    const session = await signIn({ server: street.url, name, password, device: 'test' });
    expect(session.user).toBe(user);
  }
  const again = await openStreet({
    port: 0,
    today: TODAY,
    sample: { ...sample, people: sample.people.slice(0, 6), neighbours: [], talks: [] },
    still: true,
    web: webOf('/nowhere'),
  });
  const others = (await (await fetch(`${again.url}/demo/plan.json`)).json()) as Plan;
  await again.stop();
  expect(others.visitors.map(({ user }) => user)).toEqual(visitors.map(({ user }) => user));
});

test('whoever comes first, and in a second browser too, one message is refused and one waits', async () => {
  const { visitors, password } = await plan();
  for (const { name, unsent } of [...visitors, visitors[0]!]) {
    const session = await signIn({ server: street.url, name, password, device: 'test' });
    const messenger = await createMessenger({ server: street.url, session });
    await messenger.caughtUp();
    await fetch(`${street.url}/demo/readmit/${name}`);
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise<void>((changed) => void messenger.subscribe(changed));
    };
    const states: string[] = [];
    for (const { conversation, text, resigned } of unsent) {
      await until(() => messenger.conversation(conversation)?.member === true);
      if (resigned) await messenger.leave(conversation);
      const key = await messenger.send(conversation, text);
      const pending = () => messenger.pending(conversation).find((one) => one.key === key)!;
      await until(() => pending().code !== null);
      states.push(`${pending().state} ${pending().code}`);
    }
    await messenger.close();
    expect([name, ...states.sort()]).toEqual([name, 'refused not_member', 'sending unavailable']);
  }
});

test('names are of five scripts and more', () => {
  const names = sample.people.map(({ displayName }) => displayName).join();
  for (const script of [/\p{sc=Latin}/u, /\p{sc=Arabic}/u, /\p{sc=Hebrew}/u, /\p{sc=Han}/u, /\p{sc=Devanagari}/u]) {
    expect(names).toMatch(script);
  }
});

test('the large demo has 500 chats more, and one of 100,000 messages', () => {
  const [usual, large] = [willowLane(USUAL), willowLane(LARGE)];
  expect(large.talks).toHaveLength(usual.talks.length + 500);
  expect(Math.max(...large.talks.map(({ lines }) => lines.length))).toBe(100_000);
});

test('the same content comes each time', () => {
  expect(willowLane(SIZE)).toEqual(whole);
});

test('a visitor is read, typed at and answered', async () => {
  const [, { id, peer }] = direct('theo');
  mara.show([id]);
  let typed = false;
  const answered = new Promise<string>((done) => {
    mara.subscribe(() => {
      typed ||= mara.conversation(id)?.typing.includes(peer!) === true;
    });
    mara.on('message', ({ conversation, entry }) => {
      if (conversation === id && entry.kind === 'message' && entry.sender === peer) done(entry.body?.text ?? '');
    });
  });
  const stop = enliven(street.residents, {
    server: street.url,
    smallTalk: SMALL_TALK,
    random: new SeededRandom(1),
    pace: PACE,
  });
  const seq = await mara.stored(await mara.send(id, 'Are you coming?'));
  const storedAt = mara.conversation(id)!.at;
  expect(SMALL_TALK['theo']?.answers).toContain(await answered);
  expect(typed).toBe(true);
  while ((mara.conversation(id)?.marks.get(peer!)?.read ?? 0) < seq) {
    await new Promise<void>((changed) => void mara.subscribe(changed));
  }
  const [receipt] = (await mara.receipts(id, seq)).filter(({ user }) => user === peer);
  const readAfterMs = receipt!.readAt! - storedAt;
  expect(readAfterMs).toBeGreaterThanOrEqual(2_000 * PACE);
  stop();
}, 30_000);

test('somebody is blocked by the owner, after what they wrote to her, and reported to her', async () => {
  const [blocked] = mara.blocked().keys();
  const chat = mara.inbox().conversations.find(({ peer }) => peer === blocked)!;
  expect(chat).toMatchObject({ blocked: true, unread: 0, at: momentOf('6d 10:20', street.today) });
  const { reports } = await mara.reports(true);
  expect(reports).toMatchObject([{ about: blocked!, by: userOf('noa'), reason: 'spam', message: null }]);
  expect(reports[0]?.comment).toContain('gold mine');
});

test('people and groups show pictures that are drawn the same each time, and some show none', async () => {
  for (const { name, look } of sample.people) {
    const { picture } = mara.profile(userOf(name)) ?? (await mara.people(name)).people[0]!;
    expect([name, picture !== undefined]).toEqual([name, look !== undefined]);
    if (picture) expect((await fetch(`${street.url}/pictures/${userOf(name)}/${picture}`)).status).toBe(200);
  }
  for (const [talk, { picture }] of views())
    expect(picture !== null).toBe(talk.kind === 'group' && talk.picture !== undefined);
  const looks = whole.people.flatMap(({ look }) => look ?? []);
  expect(looks.length).toBeGreaterThan(7);
  expect(looks.length).toBeLessThan(whole.people.length);
  const drawings = await Promise.all(looks.map(portrait));
  expect(await Promise.all(looks.map(portrait))).toEqual(drawings);
  expect(new Set(drawings.map((bytes) => Buffer.from(bytes).toString('base64'))).size).toBe(looks.length);
  expect(await gardenSign()).toEqual(await gardenSign());
});

test('something was said elsewhere before, something goes after a time, and something after it is read', async () => {
  const messages = async (name: string) => {
    const timeline = mara.timeline(direct(name)[1].id, { page: 200 });
    await timeline.jump('newest');
    const { items } = timeline.view();
    timeline.close();
    return items.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'message' ? [item.entry] : []));
  };
  expect((await messages('theo')).filter(({ body }) => body?.forwarded)).toHaveLength(1);
  const day = 86_400_000;
  const going = (await messages('yusuf')).filter(({ expires }) => expires !== undefined);
  expect(going.map(({ at, expires }) => expires! - at)).toEqual([7 * day, 7 * day, 7 * day]);
  expect(direct('yusuf')[1].lifetime).toEqual({ kind: 'timer', seconds: 7 * 86_400 });
  expect(direct('pixel')[1].lifetime).toEqual({ kind: 'timer', seconds: 86_400, after: 'reading' });
  // Read by all, they stand for a day from then on.
  for (const { lasts, body } of await messages('pixel')) expect([lasts, body === null]).toEqual([86_400, false]);
});
