/** What people tell those who run the server of each other: once, with a copy only where it is given, and for a while. */
import { describe, expect, test } from 'bun:test';
import type { Request } from '../../src/protocol/commands.ts';
import { REPORT_DONE_KEPT_MS, REPORT_KEPT_MS } from '../../src/protocol/limits.ts';
import { idFor, type Peer, World } from './world.ts';

async function scene() {
  const world = await World.open();
  const [mara, theo, ines] = [await world.join('mara'), await world.join('theo'), await world.join('ines')];
  const profile = world.people.profile.bind(world.people);
  world.people.profile = async (user) => {
    const known = await profile(user);
    return known && user === ines.user ? { ...known, role: 'owner' } : known;
  };
  const conversation = await world.direct(mara, theo);
  await theo.sends(conversation, 'You will see.');
  return { world, mara, theo, ines, conversation };
}

const tell = (peer: Peer, about: string, more: Partial<Request<'report'>> = {}) =>
  peer.ask('report', { key: idFor('r'), about, reason: 'threat', comment: ' Every evening. ', ...more });
const all = async (peer: Peer, open = true) => (await peer.must('reports', { open, after: null, limit: 50 })).reports;

describe('a report', () => {
  test('names who, whom and why, and the words of a message only with a copy; once for each key', async () => {
    const { mara, theo, ines, conversation } = await scene();
    const message = { conversation, seq: 2, copy: true };
    for (let i = 0; i < 2; i++) expect(await tell(mara, theo.user, { message })).toHaveProperty('result');
    await tell(mara, theo.user, { key: idFor('s'), message: { ...message, copy: false } });
    const [bare, copied, ...more] = (await all(ines)).sort((a, b) =>
      (a.message!.text ?? '').localeCompare(b.message!.text ?? ''),
    );
    expect(more).toEqual([]);
    const told = { by: mara.user, about: theo.user, reason: 'threat', comment: 'Every evening.', done: null } as const;
    expect(copied).toMatchObject({ ...told, message: { conversation, seq: 2, text: 'You will see.' } });
    expect(bare).toMatchObject({ ...told, message: { conversation, seq: 2, text: null } });
    expect(JSON.stringify(theo.frames)).not.toContain('report');
  });

  test('has the words as they stand, and keeps them when the message is deleted', async () => {
    const { world, mara, theo, ines, conversation } = await scene();
    const act = (rest: object) =>
      theo.must('send', { conversation, drafts: [{ key: idFor(JSON.stringify(rest)), target: 2, ...rest } as never] });
    await act({ kind: 'edited', body: { v: 1, text: 'You will see me.' } });
    await tell(mara, theo.user, { message: { conversation, seq: 2, copy: true } });
    await act({ kind: 'deleted' });
    await world.clock.pass(2_000);
    expect((await all(ines))[0]?.message?.text).toBe('You will see me.');
    await tell(mara, theo.user, { key: idFor('late'), message: { conversation, seq: 2, copy: true } });
    const late = (await all(ines)).find(({ id }) => id.endsWith(idFor('late')));
    expect(late?.message).toMatchObject({ seq: 2, text: null });
  });

  test('is of a message of theirs that one sees, and not of oneself or nobody', async () => {
    const { world, mara, theo, conversation } = await scene();
    const codeOf = async (peer: Peer, about: string, message?: Request<'report'>['message']) =>
      (await tell(peer, about, { key: idFor('c'), ...(message && { message }) })).error?.code;
    const noor = await world.join('noor');
    expect(await codeOf(noor, theo.user, { conversation, seq: 2, copy: true })).toBe('not_found');
    expect(await codeOf(mara, noor.user, { conversation, seq: 2, copy: true })).toBe('not_found');
    expect(await codeOf(mara, theo.user, { conversation, seq: 1, copy: true })).toBe('not_found');
    expect(await codeOf(mara, theo.user, { conversation, seq: 9, copy: true })).toBe('not_found');
    expect(await codeOf(mara, mara.user)).toBe('not_allowed');
    world.people.profiles = async () => [];
    expect(await codeOf(mara, idFor('ghost'))).toBe('not_found');
  });

  test('is one of not too many', async () => {
    const { world, mara, theo } = await scene();
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 21; i++) codes.push((await tell(mara, theo.user, { key: idFor(`r${i}`) })).error?.code);
    expect(codes).toEqual([...Array(20).fill(undefined), 'too_many_tries']);
    await world.clock.pass(3_600_000);
    const again = await world.join('mara');
    expect((await tell(again, theo.user, { key: idFor('r20') })).error).toBeUndefined();
    expect((await tell(again, theo.user, { key: idFor('r21') })).error?.code).toBe('too_many_tries');
  });
});

describe('those who run the server', () => {
  test('list reports newest first, in pages, and settle them; nobody else does', async () => {
    const { world, mara, theo, ines } = await scene();
    for (let i = 0; i < 5; i++) {
      await tell(mara, theo.user, { key: idFor(`r${i}`), comment: String(i) });
      await world.clock.pass(10);
    }
    const first = await ines.must('reports', { open: true, after: null, limit: 3 });
    const rest = await ines.must('reports', { open: true, after: first.next, limit: 3 });
    expect([...first.reports, ...rest.reports].map(({ comment }) => comment)).toEqual(['4', '3', '2', '1', '0']);
    const { id } = first.reports[0]!;
    const { report } = await ines.must('settleReport', { report: id, done: true });
    expect(report.done).toEqual({ by: ines.user, at: world.clock.now() });
    expect((await all(ines)).length).toBe(4);
    expect((await all(ines, false)).length).toBe(5);
    await ines.must('settleReport', { report: id, done: false });
    expect((await all(ines)).length).toBe(5);
    for (const asked of [
      mara.ask('reports', { open: true, after: null, limit: 9 }),
      mara.ask('settleReport', { report: id, done: true }),
    ]) {
      expect((await asked).error?.code).toBe('not_allowed');
    }
    expect((await ines.ask('settleReport', { report: 'none', done: true })).error?.code).toBe('not_found');
  });

  test('keep them for a while: less once they are done, and not when they are open again', async () => {
    const { world, mara, theo, ines } = await scene();
    for (const name of ['open', 'done', 'again']) await tell(mara, theo.user, { key: idFor(name), comment: name });
    const named = async (name: string) => (await all(ines, false)).find(({ comment }) => comment === name)!.id;
    for (const name of ['done', 'again']) await ines.must('settleReport', { report: await named(name), done: true });
    await ines.must('settleReport', { report: await named('again'), done: false });
    const left = async () =>
      (await world.store.listRecords('reports', '', 50)).map(({ value }) => JSON.parse(value).comment).sort();
    /** Another server begins so much later, and does what is due. */
    const after = async (ms: number) => {
      const later = new World();
      later.store = world.store;
      await later.clock.pass(ms);
      later.node = await later.server();
      await later.clock.pass(100);
      await later.node.stop();
      return left();
    };
    expect(await after(REPORT_DONE_KEPT_MS - 10_000)).toEqual(['again', 'done', 'open']);
    expect(await after(REPORT_DONE_KEPT_MS + 10_000)).toEqual(['again', 'open']);
    expect(await after(REPORT_KEPT_MS + 10_000)).toEqual([]);
    expect(await world.store.listRecords(`reported/${mara.user}`, '', 50)).toEqual([]);
  });
});
