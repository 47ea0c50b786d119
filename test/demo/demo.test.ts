/** The demo, in small, on a real server: what it promises to whoever signs in. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Host, startServer } from '../../src/bench/host.ts';
import { type ConversationView, createMessenger, type Messenger, signIn } from '../../src/client/index.ts';
import { fill, type Residents } from '../../src/demo/fill.ts';
import { enliven } from '../../src/demo/life.ts';
import { SMALL_TALK, willowLane } from '../../src/demo/sample/sample.ts';
import { SeededRandom } from '../../src/sim/time.ts';

const HISTORY = 90;
const sample = willowLane(HISTORY);
let folder = '';
let host: Host;
let residents: Residents;
let mara: Messenger;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-demo-test-'));
  host = await startServer(join(folder, 'data'), await freePort());
  residents = await fill(host.url, sample, () => {});
  mara = await enter('mara');
}, 60_000);

afterAll(async () => {
  await Promise.all([...(residents?.values() ?? [])].map(({ messenger }) => messenger.close()));
  await mara?.close();
  await host?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

async function enter(name: string): Promise<Messenger> {
  const session = await signIn({ server: host.url, name, password: sample.password, device: 'test' });
  const messenger = await createMessenger({ server: host.url, session });
  await messenger.caughtUp();
  return messenger;
}

const userOf = (name: string) => residents.get(name)!.session.user;

/** The view of each of Mara's talks, by what the sample calls it. */
function views() {
  const { conversations } = mara.inbox();
  return sample.talks.map((talk) => {
    const view = conversations.find(({ kind, title, peer }) => {
      if (kind !== talk.kind) return false;
      if (talk.kind === 'group') return title === talk.title;
      return talk.kind === 'self' || talk.people.some((name) => userOf(name) === peer);
    });
    return [talk, view as ConversationView] as const;
  });
}

test('all people are there, under their names', async () => {
  const { people } = await mara.people('');
  expect(people.map(({ name, displayName }) => [name, displayName]).sort()).toEqual(
    sample.people.map(({ name, displayName }) => [name, displayName]).sort(),
  );
});

test('all conversations are there, with what was not read, muted, pinned, archived and begun', () => {
  expect(mara.inbox().conversations).toHaveLength(sample.talks.length);
  for (const [talk, view] of views()) {
    expect(view).toMatchObject({
      unread: talk.unread?.['mara'] ?? 0,
      muted: talk.muted?.includes('mara') ?? false,
      pinned: talk.pinned?.includes('mara') ?? false,
      archived: talk.archived?.includes('mara') ?? false,
      draft: talk.drafts?.['mara'] ?? '',
      memberCount: talk.people.length,
    });
  }
  expect(mara.inbox().unread).toBeGreaterThan(5);
});

test('groups have their owner and their admins', async () => {
  for (const [talk, { id }] of views()) {
    if (talk.kind !== 'group') continue;
    const { members } = await mara.members(id);
    const named = (role: string) => members.filter((member) => member.role === role).map(({ user }) => user);
    expect(named('owner')).toEqual([userOf(talk.people[0]!)]);
    expect(named('admin').sort()).toEqual((talk.admins ?? []).map(userOf).sort());
  }
});

test('what was said is there in its order, and answers name what they answer', async () => {
  for (const [talk, { id, head }] of views()) {
    const timeline = mara.timeline(id, { page: 200 });
    await timeline.jump('newest');
    const entries = timeline
      .view()
      .items.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'message' ? [item.entry] : []));
    const lines = [...talk.lines, ...(talk.late ?? [])];
    const told = (list: readonly string[]) => (lines.some(({ crosses }) => crosses) ? [...list].sort() : list);
    expect(told(entries.map(({ body }) => body?.text ?? ''))).toEqual(told(lines.map(({ text }) => text)));
    expect(entries.at(-1)?.seq).toBe(head);
    for (const { text, to } of lines) {
      if (to === undefined) continue;
      const answer = entries.find(({ body }) => body?.text === text);
      expect(entries.find(({ seq }) => seq === answer?.ref)?.body?.text).toBe(lines[to]?.text);
    }
    timeline.close();
  }
});

test('what was written to somebody who had gone is not delivered', () => {
  const late = views().filter(([talk]) => talk.late);
  expect(late.length).toBeGreaterThan(0);
  for (const [talk, { head, marks }] of late) {
    const mark = marks.get(userOf(talk.people.find((name) => name !== 'mara')!))!;
    expect(mark.delivered).toBe(head - talk.late!.length);
    expect(mark.read).toBe(mark.delivered);
  }
});

test('the same content comes each time', () => {
  expect(willowLane(HISTORY)).toEqual(sample);
});

test('a visitor is read, typed at and answered', async () => {
  const [, { id, peer }] = views().find(([talk]) => talk.kind === 'direct' && talk.people.includes('theo'))!;
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
  const stop = enliven(residents, { server: host.url, smallTalk: SMALL_TALK, random: new SeededRandom(1), pace: 0.05 });
  const seq = await mara.stored(await mara.send(id, 'Are you coming?'));
  expect(SMALL_TALK['theo']?.answers).toContain(await answered);
  expect(typed).toBe(true);
  while ((mara.conversation(id)?.marks.get(peer!)?.read ?? 0) < seq) {
    await new Promise<void>((changed) => void mara.subscribe(changed));
  }
  stop();
}, 30_000);
