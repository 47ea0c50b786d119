/** What people do all day: they talk, in some conversations once and never again, come and go, and set things up. */
import type { ConversationView } from '../client/views.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Device } from './devices.ts';
import type { Ledger } from './ledger.ts';
import type { Network } from './network.ts';
import { CROWD, idFor } from './people.ts';

const GROUPS_MAX = 6;
/** How often somebody leaves the same group, and comes back. */
const TURNS = 3;

export class Acts {
  /** Conversations in which nobody says anything more: a pointer that is lost there is made good by no later one. */
  readonly quiet = new Set<string>();
  readonly #names: readonly string[];
  readonly #devices: readonly Device[];
  readonly #network: Network;
  readonly #ledger: Ledger;
  /** A request was answered as it may not be. */
  readonly #onWrong: (detail: string) => void;
  #texts = 0;

  constructor(
    names: readonly string[],
    devices: readonly Device[],
    network: Network,
    ledger: Ledger,
    onWrong: (detail: string) => void,
  ) {
    this.#names = names;
    this.#devices = devices;
    this.#network = network;
    this.#ledger = ledger;
    this.#onWrong = onWrong;
  }

  act(): void {
    const { random } = this.#network;
    const device = random.pick(this.#devices);
    const { messenger } = device;
    if (!messenger) return;
    const views = messenger.inbox().conversations;
    const view = random.pick([...views.filter(({ id }) => !this.quiet.has(id)), null]);
    const choice = random.next();
    if (!view || choice < 0.04) {
      this.#open(device, views.length);
      return;
    }
    if (this.#ledger.areStrangers && random.chance(0.3)) {
      this.#meet(device, views, view);
      return;
    }
    const { id } = view;
    const user = idFor(random.pick(this.#names));
    if (choice < 0.38) this.#say(device, view);
    else if (choice < 0.52) this.#do(device, id);
    else if (choice < 0.55) this.#repeat(device, id);
    else if (choice < 0.6) done(device.read(id, 1 + random.below(3), 5));
    else if (choice < 0.75) done(messenger.markRead(id, random.chance(0.7) ? view.head : random.below(view.head + 1)));
    else if (choice < 0.85) this.#add(device, id, user);
    else if (choice < 0.88) done(messenger.removeMember(id, user));
    else if (choice < 0.89) done(messenger.setRole(id, user, random.pick(['owner', 'admin', 'member'])));
    else if (choice < 0.9) done(messenger.leave(id));
    else if (choice < 0.92) done(messenger.rename(id, `t${this.#texts++}`));
    else if (choice < 0.94) messenger.show([id]);
    else if (choice < 0.97) this.#set(device, id);
    else messenger.draft(id, random.chance(0.8) ? `d${this.#texts++}` : '');
  }

  /** What people do among strangers: they answer requests, or look who is here and type before they are answered. */
  #meet(device: Device, views: readonly ConversationView[], view: ConversationView): void {
    const { random } = this.#network;
    const messenger = device.messenger!;
    const requests = views.filter(({ id, request }) => request === 'received' && !this.quiet.has(id));
    const request = requests.length > 0 ? random.pick(requests) : view;
    const choice = random.next();
    if (choice < 0.25) done(messenger.accept(request.id));
    else if (choice < 0.4) done(messenger.decline(request.id, random.chance(0.8)));
    else if (choice < 0.6) messenger.watch(this.#others(device));
    else if (choice < 0.8) messenger.typing(view.id);
    else messenger.show(views.map(({ id }) => id));
  }

  /** Opens a conversation of some kind, says one thing in it, and leaves it at that. */
  async whisper(device: Device): Promise<void> {
    const { random } = this.#network;
    const { messenger } = device;
    if (!messenger) return;
    const others = this.#others(device);
    const kind = random.below(4);
    const opening =
      kind === 0
        ? messenger.openSelf()
        : kind === 1
          ? messenger.openDirect(random.pick(others))
          : messenger.createGroup(`q${this.#texts++}`, kind === 2 ? [random.pick(others)] : others);
    const id = await opening;
    if ((messenger.conversation(id)?.head ?? 1) > 1) return;
    this.quiet.add(id);
    await device.send(id, `m${this.#texts++}`);
  }

  /** A group of so many that it is a channel; most of them never come. */
  async gather(device: Device): Promise<void> {
    await device.messenger?.createGroup(`c${this.#texts++}`, [...this.#others(device), ...CROWD.map(idFor)]);
  }

  /** A group which somebody leaves again and again while the others talk; back in it, they read what was before. */
  async revolve(device: Device): Promise<void> {
    const { random, queue } = this.#network;
    const user = random.pick(this.#others(device));
    const id = await device.messenger?.createGroup(`r${this.#texts++}`, this.#others(device), 'joined');
    if (id === undefined) return;
    const owned = this.#devices.filter((other) => other.user === user);
    let at = 0;
    const then = (act: () => unknown) => queue.after((at += random.next() * 1_000), act);
    const say = (times: number) => {
      for (let said = 0; said < times; said++) then(() => done(device.send(id, `m${this.#texts++}`)));
    };
    for (let turn = 0; turn < TURNS; turn++) {
      say(1);
      then(() => device.messenger && done(device.messenger.removeMember(id, user)));
      say(2);
      then(() => device.messenger && done(device.messenger.addMembers(id, [user])));
      for (let looks = 0; looks < 3; looks++) then(() => done(random.pick(owned).read(id, 3, 5)));
    }
  }

  #others(device: Device): string[] {
    return this.#names.map(idFor).filter((user) => user !== device.user);
  }

  #open(device: Device, held: number): void {
    const { random } = this.#network;
    const { messenger } = device;
    if (!messenger) return;
    const other = random.pick(this.#others(device));
    const choice = random.next();
    if (choice < 0.4) done(messenger.openDirect(other));
    else if (choice < 0.5) done(messenger.openSelf());
    else if (held < GROUPS_MAX) {
      done(messenger.createGroup(`g${this.#texts++}`, [other], random.chance(0.3) ? 'all' : 'joined'));
    }
  }

  /** Does something to a message, mostly one of the last, and mostly one's own; whoever may not is refused. */
  #do({ messenger, user }: Device, id: string): void {
    const { random } = this.#network;
    const { entries } = this.#ledger.log(id);
    const messages = entries.filter(
      ({ kind, sender }) => kind === 'message' && (sender === user || random.chance(0.5)),
    );
    if (!messenger || messages.length === 0) return;
    const { seq } = random.pick(random.chance(0.7) ? messages.slice(-5) : messages);
    const choice = random.next();
    if (choice < 0.35) done(messenger.editMessage(id, seq, `m${this.#texts++}`));
    else if (choice < 0.5) done(messenger.deleteMessage(id, seq));
    else if (choice < 0.85) done(messenger.react(id, seq, random.pick(['👍', '❤️', '🎉', ''])));
    else if (choice < 0.95) done(messenger.pinMessage(id, seq, random.chance(0.7)));
    else done(messenger.hideMessage(id, seq, random.chance(0.7)));
  }

  /** Sends; now and then the sender is removed at about the same time, or says something while being removed. */
  #say(device: Device, { id, kind }: ConversationView): void {
    const { random, queue } = this.#network;
    const called = () => (random.chance(0.15) ? [random.pick(this.#others(device))] : []);
    const say = () => done(device.send(id, `m${this.#texts++}`, called()));
    say();
    if (kind !== 'group' || !random.chance(0.15)) return;
    for (const { messenger } of this.#devices) {
      const role = messenger?.conversation(id)?.role;
      if (!messenger || messenger.user === device.user || (role !== 'owner' && role !== 'admin')) continue;
      queue.after(random.next() * 400, () => done(messenger.removeMember(id, device.user)));
      for (let more = 0; more < 6; more++) queue.after(random.next() * 600, say);
      return;
    }
  }

  /** Adds somebody, who often says something as soon as they know. */
  #add(device: Device, id: string, user: string): void {
    const { random, queue } = this.#network;
    if (device.messenger) done(device.messenger.addMembers(id, [user]));
    const added = this.#devices.find((other) => other.user === user);
    for (let after = 0; after < 1_500; after += 100) {
      queue.after(after, () => {
        if (!added?.messenger?.conversation(id)?.member || !random.chance(0.3)) return;
        done(added.send(id, `m${this.#texts++}`));
      });
    }
  }

  #set({ messenger }: Device, id: string): void {
    const { random } = this.#network;
    if (!messenger) return;
    const on = random.chance(0.5);
    const choice = random.below(4);
    if (choice === 0) done(messenger.mute(id, on));
    else if (choice === 1) done(messenger.pin(id, on));
    else if (choice === 2) done(messenger.archive(id, on));
    else done(messenger.set(settingKey.receipts, on ? 'hidden' : ''));
  }

  /** A program asks again with a key of long ago, with the same text or with another, wherever it was answered first. */
  #repeat(device: Device, conversation: string): void {
    const { random, servers } = this.#network;
    const running = [...servers.running.values()];
    const own = this.#ledger
      .log(conversation)
      .entries.filter((entry) => entry.kind === 'message' && entry.sender === device.user);
    if (running.length === 0 || own.length === 0) return;
    const entry = random.pick(own);
    if (entry.kind !== 'message' || entry.body === null) return;
    const same = random.chance(0.5);
    const body = same ? entry.body : { ...entry.body, text: `m${this.#texts++}` };
    const base = random.pick([{ baseSeq: 0 }, { baseSeq: entry.seq - 1 }, {}]);
    const called = entry.mentions ? { mentions: entry.mentions } : {};
    const files = entry.attachments ? { attachments: entry.attachments } : {};
    const draft = { kind: 'message', key: entry.key, ...base, ...called, ...files, body };
    const session = { user: device.user, device: idFor(device.name) };
    const frame = { id: 1, type: 'send', conversation, drafts: [draft] };
    void random
      .pick(running)
      .node.execute(session, frame)
      .then((reply) => {
        if (!('result' in reply)) return;
        const [result] = (reply.result as { results: { seq?: number; code?: string }[] }).results;
        // Of what is deleted or gone nobody knows the text any more, and of what is over nobody tells.
        const { deleted: all, keeping } = this.#ledger.log(conversation);
        if (keeping.lifetime.kind === 'whole') return;
        const deleted = all.has(entry.seq) || keeping.goes.has(entry.seq);
        const isSame = result?.seq === entry.seq;
        const right = same ? isSame : result?.code === 'key_reused' || (deleted && isSame);
        if (!right && !['unknown_outcome', 'unavailable'].includes(result?.code ?? '')) {
          const what = `${same ? 'the same' : 'another'} text`;
          this.#onWrong(`${entry.key} is ${entry.seq} of ${conversation}; ${what} got ${JSON.stringify(result)}`);
        }
      });
  }
}

/** People act and see by the view what came of it. */
function done(work: Promise<unknown>): void {
  work.catch(() => {});
}
