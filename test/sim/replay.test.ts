/** For every command: what a device held, and the events that followed, is what a device that lists afresh gets. */
import { drainMicrotasks } from 'bun:jsc';
import { expect, test } from 'bun:test';
import type { Messenger } from '../../src/client/api.ts';
import { createMessenger } from '../../src/client/index.ts';
import { memoryStorage } from '../../src/client/storage/memory.ts';
import type { CommandName } from '../../src/protocol/commands.ts';
import type { Draft } from '../../src/protocol/entities.ts';
import { settingKey } from '../../src/protocol/settings.ts';
import { Community } from '../../src/server/community.ts';
import { sharedEngine } from '../../src/sim/engines.ts';
import { FaultCounter } from '../../src/sim/faults.ts';
import { Ledger } from '../../src/sim/ledger.ts';
import { Network } from '../../src/sim/network.ts';
import { idFor, People } from '../../src/sim/people.ts';
import { Servers } from '../../src/sim/servers.ts';
import { EventQueue, ProcessClock, SeededRandom } from '../../src/sim/time.ts';
import type { Store } from '../../src/store/store.ts';

const [MARA, THEO, INES, NOOR] = ['mara', 'theo', 'ines', 'noor'].map(idFor) as [string, string, string, string];

class Town {
  readonly #queue = new EventQueue();
  readonly #random = new SeededRandom(1);
  #network!: Network;
  #store!: Store;

  async build(): Promise<this> {
    const counter = new FaultCounter();
    const engine = await sharedEngine(new Ledger(), (_, detail) => expect.unreachable(detail));
    this.#store = engine.store!;
    const servers = new Servers({
      queue: this.#queue,
      random: this.#random,
      engine,
      directory: new People(['mara', 'theo', 'ines', 'noor']),
      feedKept: 60,
      faults: () => null,
      counter,
      onReport: (error) => {
        throw error;
      },
    });
    for (const name of ['one', 'two']) await this.done(servers.start(name));
    this.#network = new Network(this.#queue, this.#random, servers, () => null, counter);
    return this;
  }

  async device(name: string, storage = memoryStorage()): Promise<Messenger> {
    const clock = new ProcessClock(this.#queue);
    const session = { user: idFor(name.split('/')[0]!), device: idFor(name), token: name };
    const transport = this.#network.transport(name, clock);
    const messenger = await this.done(createMessenger({ transport, storage, clock, random: this.#random, session }));
    await this.pass(3_000);
    return messenger;
  }

  /** From now on people here do not know each other. */
  async estrange(): Promise<void> {
    const community = new Community(this.#store, { name: 'Town', join: 'anyone', people: 'known' });
    await this.done(community.change({ people: 'strangers' }));
  }

  /** Time for everything that was begun, fan-out, delivered marks and paused drafts with it. */
  async pass(ms: number): Promise<void> {
    // Called by what a step of another pass has led to, steps would not let promises finish.
    await new Promise<void>((resolve) => setImmediate(resolve));
    await this.#queue.runUntil(this.#queue.now + ms, drainMicrotasks);
  }

  async done<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const watched = work.finally(() => {
      ended = true;
    });
    watched.catch(() => {});
    for (let i = 0; i < 200 && !ended; i++) await this.pass(100);
    return watched;
  }

  /** Resolves when it is stored. */
  say(who: Messenger, conversation: string, text: string): Promise<number> {
    return this.done(who.send(conversation, text).then(who.stored));
  }

  /** All that a device shows once it is looked at, of every conversation up to its first entry. */
  async shown(messenger: Messenger) {
    const conversations = [];
    messenger.show(messenger.inbox().conversations.map(({ id }) => id));
    await this.pass(2_000);
    for (const view of messenger.inbox().conversations.filter(({ member }) => member)) {
      const timeline = messenger.timeline(view.id, { page: 100 });
      await this.pass(500);
      while (!timeline.view().atStart) await this.done(timeline.loadOlder());
      const entries = timeline.view().items;
      timeline.close();
      const marks = [...view.marks.values()].sort((a, b) => (a.user < b.user ? -1 : 1));
      conversations.push({ ...view, marks, entries });
    }
    const { loaded, more, unread, requests } = messenger.inbox();
    return { loaded, more, unread, requests, conversations };
  }
}

interface Scene {
  readonly town: Town;
  /** Another device of the one who watches. */
  readonly mara: Messenger;
  readonly theo: Messenger;
  readonly ines: Messenger;
  readonly group: string;
  readonly direct: string;
}

/** Of the commands, those that change nothing which a snapshot holds; profiles and presence are not part of one. */
type Asks =
  | 'hello'
  | 'feed'
  | 'conversations'
  | 'summaries'
  | 'read'
  | 'history'
  | 'members'
  | 'marks'
  | 'receipts'
  | 'settings'
  | 'typing'
  | 'watch'
  | 'ping'
  | 'people'
  | 'profiles'
  | 'profile'
  | 'devices'
  | 'revoke'
  | 'community'
  | 'changeCommunity'
  | 'invite'
  | 'invitations'
  | 'uninvite'
  | 'addDevice'
  | 'accounts'
  | 'setServerRole'
  | 'deactivate'
  | 'reactivate'
  | 'signInLink'
  | 'report'
  | 'reports'
  | 'settleReport'
  | 'addresses'
  | 'forwardFiles'
  | 'annotations'
  | 'versions'
  | 'search'
  | 'notifications'
  | 'subscribe'
  | 'unsubscribe'
  | 'testNotification';
/** Each kind of draft for `send`. A new command, or a new kind of draft, does not compile without its cases. */
type Changes = Draft['kind'] | Exclude<CommandName, Asks | 'send'>;
type Case = Readonly<Record<string, (scene: Scene) => Promise<unknown>>>;

const CASES: Readonly<Record<Changes, Case>> = {
  useInvitation: {
    'to a group': async ({ mara, theo }) => {
      const conversation = await theo.createGroup('By link', []);
      const { code } = await theo.invite({ conversation });
      await mara.useInvitation(code);
    },
  },
  message: {
    'of another': ({ theo, group }) => theo.send(group, 'hello'),
    'of oneself elsewhere': ({ mara, group }) => mara.send(group, 'from my other device'),
    'many, and not only here': async ({ theo, ines, group, direct }) => {
      for (let i = 0; i < 120; i++) await (i % 3 ? theo : ines).send(group, `m${i}`);
      await theo.send(direct, 'and one here');
    },
    'more than a hole may have': async ({ theo, group }) => {
      for (let i = 0; i < 450; i++) await theo.send(group, `m${i}`);
    },
  },
  added: {
    'of somebody': ({ mara, group }) => mara.addMembers(group, [NOOR]),
    'of oneself again': async ({ town, theo, ines, mara, group }) => {
      await town.done(mara.setRole(group, THEO, 'owner'));
      await town.done(theo.setRole(group, MARA, 'member'));
      await town.done(theo.removeMember(group, MARA));
      await town.say(ines, group, 'behind your back');
      await town.done(theo.rename(group, 'Another title'));
      await town.done(theo.addMembers(group, [MARA, NOOR]));
      await theo.send(group, 'welcome back');
    },
  },
  removed: {
    'of somebody': ({ mara, group }) => mara.removeMember(group, INES),
    'of oneself': async ({ town, theo, mara, group }) => {
      await town.done(mara.setRole(group, THEO, 'owner'));
      await town.done(theo.setRole(group, MARA, 'member'));
      await theo.removeMember(group, MARA);
    },
  },
  left: {
    'by somebody': ({ ines, group }) => ines.leave(group),
    'by oneself elsewhere': async ({ town, mara, group }) => {
      await town.done(mara.setRole(group, THEO, 'owner'));
      await mara.leave(group);
    },
  },
  accepted: {
    'by another': async ({ town, mara }) => {
      await town.estrange();
      const noor = await town.device('noor/phone');
      const id = await town.done(mara.openDirect(NOOR));
      await town.say(mara, id, 'hello');
      await town.done(noor.accept(id));
      await town.say(mara, id, 'thank you');
    },
    'by oneself elsewhere': async ({ town, mara }) => {
      await town.estrange();
      const noor = await town.device('noor/phone');
      const id = await town.done(noor.openDirect(MARA));
      await town.say(noor, id, 'hello');
      await mara.accept(id);
    },
    'by writing': async ({ town, mara }) => {
      await town.estrange();
      const noor = await town.device('noor/phone');
      const id = await town.done(noor.openDirect(MARA));
      await town.say(noor, id, 'hello');
      await town.say(mara, id, 'hello to you');
    },
    'not yet': async ({ town, ines, mara }) => {
      await town.estrange();
      const noor = await town.device('noor/phone');
      await town.done(mara.openDirect(NOOR));
      await town.done(noor.openDirect(INES));
      await ines.send(await town.done(ines.openDirect(MARA)), 'may I?');
    },
  },
  role: {
    'of another': ({ mara, group }) => mara.setRole(group, INES, 'admin'),
    'of oneself': async ({ town, theo, mara, group }) => {
      await town.done(mara.setRole(group, THEO, 'owner'));
      await theo.setRole(group, MARA, 'admin');
    },
  },
  edited: {
    'by another': ({ theo, group }) => theo.editMessage(group, 5, 'hi, all of you'),
    'several times, with much between': async ({ town, theo, ines, group }) => {
      await town.done(theo.editMessage(group, 2, 'once'));
      for (let i = 0; i < 450; i++) await ines.send(group, `m${i}`);
      await town.pass(5_000);
      await theo.editMessage(group, 2, 'twice');
    },
    'the last one': async ({ ines, group }) => ines.editMessage(group, 6, 'hi!'),
    'by oneself elsewhere': ({ mara, group }) => mara.editMessage(group, 4, 'hello'),
  },
  deleted: {
    'by its author': ({ ines, group }) => ines.deleteMessage(group, 6),
    'by an owner': ({ mara, group }) => mara.deleteMessage(group, 3),
    'after edits': async ({ town, theo, group }) => {
      await town.done(theo.editMessage(group, 2, 'once'));
      await theo.deleteMessage(group, 2);
    },
    'with much between': async ({ town, theo, ines, group }) => {
      await town.done(theo.deleteMessage(group, 5));
      for (let i = 0; i < 450; i++) await ines.send(group, `m${i}`);
    },
    'of what one has not read': async ({ town, theo, ines, group }) => {
      for (let i = 0; i < 4; i++) await town.say(theo, group, `m${i}`);
      await town.done(theo.deleteMessage(group, 8));
      await ines.deleteMessage(group, 6);
    },
  },
  reacted: {
    'by another': ({ theo, group }) => theo.react(group, 4, '👍'),
    'with another, and back': async ({ town, theo, ines, group }) => {
      await town.done(theo.react(group, 4, '👍'));
      await town.done(ines.react(group, 4, '👍'));
      await town.done(theo.react(group, 4, '🎉'));
      await ines.react(group, 4, '');
    },
    'by oneself elsewhere': ({ mara, direct }) => mara.react(direct, 2, '❤️'),
  },
  pinned: {
    'by an owner': ({ mara, group }) => mara.pinMessage(group, 3),
    'and taken down': async ({ town, theo, direct }) => {
      await town.done(theo.pinMessage(direct, 2));
      await theo.pinMessage(direct, 2, false);
    },
    'and deleted': async ({ town, mara, group }) => {
      await town.done(mara.pinMessage(group, 3));
      await town.done(mara.pinMessage(group, 5));
      await mara.deleteMessage(group, 3);
    },
  },
  lifetime: {
    'by another': ({ theo, direct }) => theo.setLifetime(direct, { kind: 'timer', seconds: 86_400 }),
    'and what is sent under it': async ({ theo, direct }) => {
      await theo.setLifetime(direct, { kind: 'timer', seconds: 86_400 });
      await theo.send(direct, 'for a day');
    },
    'after reading, and read': async ({ town, mara, theo, direct }) => {
      await theo.setLifetime(direct, { kind: 'timer', seconds: 86_400, after: 'reading' });
      await town.done(mara.send(direct, 'for a day'));
      await theo.markRead(direct, 99);
    },
    'of a group that goes as a whole': ({ mara, group }) => mara.setLifetime(group, { kind: 'whole' }),
  },
  renamed: { 'by oneself elsewhere': ({ mara, group }) => mara.rename(group, 'A better title') },
  pictured: { 'taken away by oneself elsewhere': ({ mara, group }) => mara.setGroupPicture(group, null) },
  create: {
    'a group by another': async ({ town, theo }) => {
      const id = await town.done(theo.createGroup('New', [MARA, INES]));
      await theo.send(id, 'first');
    },
    'a group with its whole history': async ({ town, theo }) => {
      const id = await town.done(theo.createGroup('Open', [INES], 'all'));
      await town.say(theo, id, 'before you came');
      await theo.addMembers(id, [MARA]);
    },
    'a direct one by another': async ({ town, ines }) =>
      ines.send(await town.done(ines.openDirect(MARA)), 'just us two'),
    'one with oneself': async ({ town, mara }) => mara.send(await town.done(mara.openSelf()), 'a note'),
  },
  mark: {
    'read by oneself elsewhere, to the end': async ({ mara, group }) => mara.markRead(group, 6),
    'read by oneself elsewhere, not to the end': async ({ town, theo, mara, group }) => {
      for (let i = 0; i < 10; i++) await town.say(theo, group, `m${i}`);
      mara.markRead(group, 8);
    },
    'read by another': async ({ theo, group, direct }) => {
      theo.markRead(group, 5);
      theo.markRead(direct, 2);
    },
    'read where receipts are hidden': async ({ town, theo, mara, group }) => {
      await town.done(mara.set(settingKey.receipts, 'hidden'));
      await town.say(theo, group, 'seen?');
      mara.markRead(group, 7);
    },
  },
  set: {
    mute: ({ mara, group }) => mara.mute(group, true),
    pin: ({ mara, direct }) => mara.pin(direct, true),
    archive: ({ mara, group }) => mara.archive(group, true),
    hide: ({ mara, group }) => mara.hideMessage(group, 5),
    decline: async ({ town, ines, mara }) => {
      await town.estrange();
      const id = await town.done(ines.openDirect(MARA));
      await town.say(ines, id, 'may I?');
      await mara.decline(id);
    },
    'off again': async ({ town, mara, group }) => {
      await town.done(mara.pin(group, true));
      await town.done(mara.mute(group, true));
      await mara.pin(group, false);
    },
    draft: async ({ mara, group }) => mara.draft(group, 'not yet sent'),
    'a draft that was sent': async ({ town, mara, group }) => {
      mara.draft(group, 'soon');
      await town.pass(5_000);
      await mara.send(group, 'soon');
    },
  },
};

async function setTheScene(): Promise<Scene> {
  const town = await new Town().build();
  const [mara, theo, ines] = [
    await town.device('mara/laptop'),
    await town.device('theo/phone'),
    await town.device('ines/phone'),
  ];
  const group = await town.done(mara.createGroup('Garden', [THEO, INES]));
  const direct = await town.done(theo.openDirect(MARA));
  for (const who of [theo, ines, mara, theo, ines]) await town.say(who, group, 'hi');
  await town.say(theo, direct, 'hi');
  return { town, mara, theo, ines, group, direct };
}

for (const [command, cases] of Object.entries(CASES)) {
  for (const [name, act] of Object.entries(cases)) {
    test(`${command}: ${name}`, async () => {
      const scene = await setTheScene();
      const { town } = scene;
      const online = await town.device('mara/phone');
      const storage = memoryStorage();
      const leaving = await town.device('mara/tablet', storage);
      const before = JSON.stringify(await town.shown(leaving));
      await town.done(leaving.close());

      await town.done(Promise.resolve(act(scene)));
      await town.pass(20_000);

      const resumed = await town.device('mara/tablet', storage);
      const fresh = await town.device('mara/new');
      await town.pass(20_000);
      const wanted = await town.shown(fresh);
      expect(JSON.stringify(wanted)).not.toBe(before);
      expect(await town.shown(online)).toEqual(wanted);
      expect(await town.shown(resumed)).toEqual(wanted);
    });
  }
}
