/** People, conversations and messages that nobody wrote: what the parts show when there is no server. */
import type { Messenger, Timeline } from '../../client/index.ts';
import type { ConversationView, PendingMessage, StagedFile, Status, TimelineItem } from '../../client/views.ts';
import type { Entry, FileInfo } from '../../protocol/entities.ts';

const MARKED =
  '**Bold**, *italic*, ~~struck~~, `code` and ||hidden with **marks** and https://example.org/x||, but not snake_case.\n> Shall we plant *more* tomatoes?\n> They did well.\nYes:\n- two rows of red ones,\n  beside the wall\n- one of yellow ones\n  1. early\n  2. late\n\nThat is all.';
const NOON = new Date().setHours(12, 0, 0, 0);
const MINUTE = 60_000;

const NAMES: Record<string, string> = {
  mara: 'Mara Lindqvist',
  theo: 'Theo Brandt',
  noor: 'نور الهدى',
  yuki: '山田 雪',
  long: 'Maximiliane Constantin-Wolkenstein of the Society for the Preservation of Long Names',
};
export const SELF = 'mara';
export const PEOPLE = Object.keys(NAMES);

type Said = Extract<Entry, { kind: 'message' }>;

const header = (seq: number, sender: string, minutes: number) => ({
  v: 1 as const,
  seq,
  at: NOON + minutes * MINUTE,
  sender,
  device: 'd',
  key: `k${seq}`,
  ordinal: seq,
  lastMessage: seq,
});

export const said = (seq: number, sender: string, text: string, minutes = seq, more: Partial<Said> = {}): Said => ({
  ...header(seq, sender, minutes),
  kind: 'message',
  body: { v: 1, text },
  ...more,
});

const NOBODY: ReadonlyMap<string, number> = new Map();
export const item = (entry: Entry): TimelineItem => ({ kind: 'entry', entry });

export const pending = (state: PendingMessage['state'], text: string, more: Partial<PendingMessage> = {}) =>
  ({
    key: `p-${state}-${text}`,
    conversation: 'garden',
    text,
    ref: null,
    mentions: [],
    forwarded: false,
    files: [],
    uploads: [],
    at: NOON + 60 * MINUTE,
    state,
    code: state === 'refused' ? 'not_member' : null,
    ...more,
  }) satisfies PendingMessage;

const others = PEOPLE.filter((user) => user !== SELF);
const reach = (user: string, delivered: number, read: number) => [user, { user, delivered, read }] as const;

export function conversation(id: string, more: Partial<ConversationView> = {}): ConversationView {
  const direct = more.kind === 'direct';
  return {
    id,
    kind: 'group',
    title: id,
    picture: null,
    peer: direct ? 'theo' : null,
    request: null,
    blocked: false,
    invitedBy: null,
    role: 'owner',
    history: 'joined',
    member: true,
    removedBy: null,
    lifetime: { kind: 'always' },
    ended: null,
    memberCount: direct ? 2 : PEOPLE.length,
    head: 99,
    last: said(9, 'theo', 'Shall we meet on Monday?'),
    lastDeletedBy: null,
    pins: [],
    lastPending: null,
    at: NOON,
    read: 99,
    unread: 0,
    firstUnread: null,
    firstMention: null,
    // Own messages up to 2 are read, up to 4 delivered, and sent above.
    marks: new Map(direct ? [reach('theo', 4, 2)] : others.map((user) => reach(user, 4, 2))),
    muted: false,
    pinned: false,
    archived: false,
    draft: '',
    typing: [],
    ...more,
  };
}

/** Drawn on the spot: a colour by its name, with its measures in it; `missing` is not there any more, `broken` never loads. */
export const picture = (id: string, width: number, height: number): FileInfo => ({
  id,
  name: `${id}.webp`,
  bytes: width * height,
  width,
  height,
  placeholder: 'WhgGDYJnh5iEeIeAd4gHV3iIdQeI',
});

const svgOf = (id: string) => {
  const [colour, width, height] = id.split('-');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${colour}"/><circle cx="50%" cy="50%" r="20%" fill="white"/></svg>`;
};
export const drawn = (id: string) =>
  id.startsWith('broken') ? 'data:image/webp;base64,AAAA' : `data:image/svg+xml;base64,${btoa(svgOf(id))}`;

async function addresses(_: string, files: readonly string[]) {
  const there = files.filter((id) => !id.startsWith('missing'));
  return {
    addresses: there.map((id) => ({ id, file: drawn(id), medium: drawn(id) })),
    until: Date.now() + 3_600_000,
    missing: files.filter((id) => id.startsWith('missing')),
  };
}

interface Scene {
  readonly views?: readonly ConversationView[];
  readonly entries?: readonly Entry[];
  readonly waiting?: readonly PendingMessage[];
  readonly staged?: readonly StagedFile[];
  readonly status?: Status;
}

/** Says always the same, and does nothing. */
export function messengerOf({
  views = [],
  entries = [],
  waiting = [],
  staged = [],
  status = { state: 'online' },
}: Scene): Messenger {
  const profiles = new Map(
    PEOPLE.map((user) => [user, { user, name: user, displayName: NAMES[user]!, role: 'person', version: 1 } as const]),
  );
  const receipts = [
    { user: 'theo', deliveredAt: NOON, readAt: NOON + MINUTE },
    { user: 'yuki', deliveredAt: NOON, readAt: null },
    { user: 'noor', deliveredAt: null, readAt: null },
  ];
  const inbox = { conversations: views, loaded: true, more: false, unread: 0 };
  const done = async () => {};
  const made = {
    user: SELF,
    device: 'd',
    subscribe: () => () => {},
    on: () => () => {},
    status: () => status,
    serverName: () => 'Willow Lane',
    keeps: () => true,
    inbox: () => inbox,
    conversation: (id: string) => views.find((view) => view.id === id) ?? null,
    profile: (user: string) => profiles.get(user) ?? null,
    blocked: () => NOBODY,
    setting: () => '',
    presence: (user: string) =>
      user === 'theo' ? { user, online: true, lastSeen: null } : { user, online: false, lastSeen: NOON - 90 * MINUTE },
    pending: () => waiting,
    staged: () => staged,
    content: async (key: string) => new Blob([svgOf(key)], { type: 'image/svg+xml' }),
    fileBytes: () => 100_000_000,
    unstage() {},
    timeline: (id: string) => windowOf(id, entries.map(item)),
    receipts: async () => receipts,
    message: async (_: string, seq: number) => {
      const entry = entries.find((one) => one.seq === seq);
      return entry?.kind === 'message' ? { entry } : null;
    },
    addresses,
    watch() {},
    show() {},
    draft() {},
    typing() {},
    markRead: done,
    retry: async () => false,
    discard: async () => false,
    send: async () => 'key',
  };
  // The parts that are shown ask for nothing else.
  return made as unknown as Messenger;
}

export function windowOf(conversation: string, items: readonly TimelineItem[]): Timeline {
  const view = { items, atStart: true, atEnd: true, loading: 'none', failed: null } as const;
  const done = async () => {};
  return {
    conversation,
    view: () => view,
    subscribe: () => () => {},
    loadOlder: done,
    loadNewer: done,
    loadGap: done,
    jump: done,
    close() {},
  };
}

/** A conversation of the group as it is drawn: days, runs, what happened, a gap, answers. */
export const TALK: readonly TimelineItem[] = [
  item({
    ...header(1, 'mara', -1_500),
    kind: 'created',
    conversation: 'group',
    title: 'garden',
    history: 'joined',
    members: [],
  }),
  item(said(2, SELF, 'Read by everybody.', -1_400)),
  item(said(3, SELF, 'Delivered to everybody.', -1_399)),
  { kind: 'gap', from: 4, to: 15 },
  item(said(16, 'theo', 'A run begins,', 1)),
  item(said(17, 'theo', 'goes on,', 2)),
  item(said(18, 'theo', 'and ends.', 3)),
  item({ ...header(19, 'theo', 4), kind: 'added', users: ['yuki', 'noor'] }),
  item(said(20, 'long', 'From somebody whose name takes more than a line.', 5)),
  item(said(21, 'noor', 'هل نلتقي يوم الاثنين؟', 6)),
  item(said(22, SELF, 'Sent.', 7, { ref: 18 })),
  item({ ...header(23, 'mara', 8), kind: 'renamed', title: 'garden' }),
  item(
    said(24, 'yuki', 'はい、@mara さん。 @mara and @theo, see https://example.org/a/b', 9, {
      mentions: ['mara', 'theo'],
    }),
  ),
  item(said(25, 'theo', '🍅🍅', 10)),
  {
    ...item(said(29, 'theo', 'With reactions, and edited.', 11)),
    acts: {
      editedAt: NOON,
      deletedBy: null,
      reactions: [
        { emoji: '👍', users: ['mara', 'yuki', 'noor'] },
        { emoji: '🎉', users: [SELF] },
      ],
    },
  } as TimelineItem,
  {
    ...item({ ...said(30, SELF, '', 12), body: null } as Entry),
    acts: { editedAt: null, deletedBy: SELF, reactions: [] },
  } as TimelineItem,
  item({ ...said(31, 'noor', 'Forwarded.', 13), body: { v: 1, text: 'Forwarded.', forwarded: true } } as Entry),
  item(
    said(
      26,
      'theo',
      'Water them:\n```\nfor tomato in garden:\n    water(tomato, litres=1.5, at="six in the morning, before the sun is up")\n```',
      20,
    ),
  ),
  item(said(32, 'theo', MARKED, 20)),
  item(said(33, SELF, MARKED, 20)),
  item(said(27, SELF, `${'A long text folds. '.repeat(100)}`, 21)),
  item(
    said(28, SELF, 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2), 22),
  ),
  { kind: 'pending', pending: pending('waiting', 'Waits for the connection.') },
  { kind: 'pending', pending: pending('refused', 'Refused, while one is a member.', { code: 'too_long' }) },
];

const shot = (seq: number, sender: string, text: string, files: readonly FileInfo[]) =>
  item(
    said(seq, sender, text, seq, { attachments: files.map(({ id }) => id), body: { v: 1, text, files: [...files] } }),
  );
const shots = (n: number) => Array.from({ length: n }, (_, i) => picture(`${COLOURS[i % 4]}-${640 + i}-480`, 640, 480));
const COLOURS = ['teal', 'peru', 'indigo', 'olive'];

/** Pictures and files in all that may become of them. */
/** Chosen on this device; a colour with measures is a picture. */
export const stagedFile = (key: string): StagedFile => {
  const [, width, height] = key.split('-').map(Number);
  const isDrawn = width !== undefined && height !== undefined;
  return {
    key,
    name: isDrawn ? `${key}.jpg` : key,
    bytes: 8_000_000,
    as: 'file',
    ...(isDrawn && { as: 'picture', width, height }),
  };
};

const upload = (key: string, part: number) => {
  const file = stagedFile(key);
  return { ...file, sent: file.bytes * part, file: null, code: null };
};

export const FILES: readonly TimelineItem[] = [
  shot(2, SELF, '', [picture('teal-900-600', 900, 600)]),
  shot(3, SELF, 'One, with words below it that are longer than it is wide.', [picture('peru-600-900', 600, 900)]),
  shot(40, 'theo', '', [picture('indigo-40-40', 40, 40)]),
  shot(41, 'theo', 'Very wide', [picture('olive-2000-200', 2_000, 200)]),
  shot(42, 'noor', 'Two', shots(2)),
  shot(43, 'noor', '', shots(3)),
  shot(44, 'yuki', '', shots(4)),
  shot(45, 'yuki', 'More than four', shots(7)),
  shot(46, 'long', '', [picture('broken-900-600', 900, 600)]),
  shot(47, 'long', '', [picture('missing-900-600', 900, 600)]),
  shot(48, SELF, 'With a file', [picture('teal-800-500', 800, 500), { id: 'plan', name: 'plan.pdf', bytes: 48_000 }]),
  { kind: 'pending', pending: pending('waiting', 'On its way', { files: [picture('peru-640-480', 640, 480)] }) },
  {
    kind: 'pending',
    pending: pending('uploading', 'Comes up', { uploads: [upload('teal-900-600', 0.4), upload('plan.pdf', 0)] }),
  },
  {
    kind: 'pending',
    pending: pending('refused', 'Stays', {
      code: 'unreadable_picture',
      uploads: [{ ...upload('IMG_2041.heic', 0), as: 'picture', code: 'unreadable_picture' }],
    }),
  },
];

const goes = { expires: Date.now() + 90 * MINUTE, lasts: 86_400 };
/** What goes by itself: when it is read, so long after it was read, and what has gone. */
export const GOING: readonly TimelineItem[] = [
  item({ ...header(60, 'theo', 1), kind: 'lifetime', lifetime: { kind: 'timer', seconds: 86_400, after: 'reading' } }),
  item(said(61, 'theo', 'Read a while ago, and about to go.', 2, goes)),
  item(said(62, SELF, 'Not read yet: it goes a day after that.', 3, { lasts: 86_400 })),
  item({ ...said(63, 'theo', '', 4, { ...goes, expires: NOON }), body: null }),
];

/** What is unread begins above this. */
export const READ = 19;
