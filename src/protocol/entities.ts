import Type, { type Static, type TProperties } from 'typebox';
import { ID_PATTERN } from './ids.ts';
import {
  ATTACHMENTS_MAX,
  EMOJI_LENGTH_MAX,
  FILE_NAME_BYTES,
  LIFETIME_SECONDS_MAX,
  LIFETIME_SECONDS_MIN,
  MENTIONS_MAX,
  STARTED_MAX,
} from './limits.ts';

export const Id = Type.String({ pattern: ID_PATTERN, description: '16 bytes as base64url.' });
export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const seqOf = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
export const Time = Type.Integer({ minimum: 0, description: 'Milliseconds since 1970, UTC.' });

const strict = { additionalProperties: false } as const;

export const Role = Type.Union([Type.Literal('owner'), Type.Literal('admin'), Type.Literal('member')]);
export type Role = Static<typeof Role>;

export const ServerRole = Type.Union([
  Type.Literal('owner'),
  Type.Literal('admin'),
  Type.Literal('person'),
  Type.Literal('bot'),
]);
export type ServerRole = Static<typeof ServerRole>;

export const ConversationKind = Type.Union([Type.Literal('direct'), Type.Literal('self'), Type.Literal('group')]);
export type ConversationKind = Static<typeof ConversationKind>;

export const HistoryRule = Type.Union([Type.Literal('joined'), Type.Literal('all')], {
  description: 'What newcomers see: from joining on, or all.',
});
export type HistoryRule = Static<typeof HistoryRule>;

export const FileInfo = Type.Object(
  {
    id: Id,
    name: Type.String({ maxLength: FILE_NAME_BYTES, description: 'Clean it again before showing it.' }),
    bytes: Type.Integer({ minimum: 0, description: 'Of a picture: of its largest size.' }),
    width: Type.Optional(Type.Integer({ minimum: 1, description: 'Of a picture only, as it is shown.' })),
    height: Type.Optional(Type.Integer({ minimum: 1 })),
    placeholder: Type.Optional(Type.String({ maxLength: 64, description: 'Of a picture: its thumbhash, as base64.' })),
  },
  { ...strict, description: 'A file as finishing its upload says it; the sender puts it into the body.' },
);
export type FileInfo = Static<typeof FileInfo>;

export const Body = Type.Object(
  {
    v: Type.Literal(1),
    text: Type.String({ maxLength: 65_536 }),
    forwarded: Type.Optional(
      Type.Literal(true, { description: 'It was said elsewhere before; not where, nor by whom.' }),
    ),
    files: Type.Optional(Type.Array(FileInfo, { maxItems: ATTACHMENTS_MAX })),
  },
  strict,
);
export type Body = Static<typeof Body>;

export const Lifetime = Type.Union(
  [
    Type.Object({ kind: Type.Literal('always') }, strict),
    Type.Object(
      {
        kind: Type.Literal('timer'),
        seconds: Type.Integer({ minimum: LIFETIME_SECONDS_MIN, maximum: LIFETIME_SECONDS_MAX }),
        after: Type.Optional(Type.Literal('reading', { description: 'Between two only.' })),
      },
      { ...strict, description: 'A message goes so long after it was sent, or after the other one has read it.' },
    ),
    Type.Object(
      {
        kind: Type.Literal('whole'),
        until: Type.Optional(Time),
      },
      {
        ...strict,
        description:
          'All of the conversation goes at once: at that time, if there is one, or when the last member leaves.',
      },
    ),
  ],
  { description: 'How long what is said in a conversation stays.' },
);
export type Lifetime = Static<typeof Lifetime>;

/** What every entry of a conversation's log carries, in the clear; the server never reads the body. */
const header = {
  v: Type.Literal(1),
  seq: Seq,
  at: Time,
  sender: Id,
  device: Id,
  key: Id,
  ordinal: seqOf('Message entries up to and including this one.'),
  lastMessage: seqOf('The seq of the newest message up to and including this one; 0 when there is none.'),
};

export const FoundingMember = Type.Object({ user: Id, role: Role }, strict);
const ref = Type.Optional(Type.Integer({ minimum: 1, description: 'The seq of the message that this one answers.' }));
const attachments = Type.Optional(
  Type.Array(Id, {
    minItems: 1,
    maxItems: ATTACHMENTS_MAX,
    uniqueItems: true,
    description: 'Files that were uploaded for this conversation by the sender and belong to no other message.',
  }),
);
const mentions = Type.Optional(Type.Array(Id, { maxItems: MENTIONS_MAX, description: 'Whom it calls by name.' }));
const erasable = Type.Union([Body, Type.Null()], { description: 'Null once it was erased.' });
const expires = Type.Optional(
  Type.Integer({ minimum: 0, description: 'From then on there is no body; milliseconds since 1970, UTC.' }),
);
const lasts = Type.Optional(
  Type.Integer({ minimum: 1, description: 'For how many seconds it stays once the other one has read it.' }),
);
const target = Type.Integer({ minimum: 1, description: 'The seq of the message that it is about.' });
const picture = Type.Union([Id, Type.Null()], { description: 'Of a group: a picture uploaded to it; null: none.' });
const emoji = Type.String({ maxLength: EMOJI_LENGTH_MAX, description: "One emoji; '' takes it back." });

export const Entry = Type.Union([
  Type.Object(
    {
      ...header,
      kind: Type.Literal('message'),
      ref,
      mentions,
      attachments,
      expires,
      lasts,
      body: erasable,
    },
    strict,
  ),
  Type.Object(
    {
      ...header,
      kind: Type.Literal('created'),
      conversation: ConversationKind,
      title: Type.String(),
      history: HistoryRule,
      members: Type.Array(FoundingMember),
      lifetime: Type.Optional(Lifetime),
      request: Type.Optional(
        Type.Literal(true, {
          description: 'Between strangers: a request until both have written or one has accepted.',
        }),
      ),
      invitation: Type.Optional(
        Type.Literal(true, { description: "The other one has joined this server by the sender's invitation." }),
      ),
    },
    strict,
  ),
  Type.Object({ ...header, kind: Type.Literal('added'), users: Type.Array(Id) }, strict),
  Type.Object({ ...header, kind: Type.Literal('removed'), user: Id }, strict),
  Type.Object({ ...header, kind: Type.Literal('left') }, strict),
  Type.Object({ ...header, kind: Type.Literal('accepted') }, strict),
  Type.Object({ ...header, kind: Type.Literal('role'), user: Id, role: Role }, strict),
  Type.Object({ ...header, kind: Type.Literal('renamed'), title: Type.String() }, strict),
  Type.Object({ ...header, kind: Type.Literal('pictured'), picture }, strict),
  Type.Object({ ...header, kind: Type.Literal('edited'), target, mentions, expires, body: erasable }, strict),
  Type.Object({ ...header, kind: Type.Literal('deleted'), target }, strict),
  Type.Object({ ...header, kind: Type.Literal('reacted'), target, emoji }, strict),
  Type.Object({ ...header, kind: Type.Literal('pinned'), target, pinned: Type.Boolean() }, strict),
  Type.Object({ ...header, kind: Type.Literal('lifetime'), lifetime: Lifetime }, strict),
  Type.Object(
    {
      ...header,
      kind: Type.Literal('started'),
      targets: Type.Array(target, { minItems: 1, maxItems: STARTED_MAX }),
      expires: Time,
    },
    { ...strict, description: 'The sender has read these, which stay for a time after that: they go at `expires`.' },
  ),
  Type.Object(
    { ...header, kind: Type.Literal('ended') },
    { ...strict, description: 'The last one of a conversation that was temporary as a whole; all before it is gone.' },
  ),
]);
export type Entry = Static<typeof Entry>;
export type MessageEntry = Extract<Entry, { kind: 'message' }>;

/** What the log says later of one of its messages. */
export const Annotation = Type.Union(
  [
    Type.Object(
      { what: Type.Literal('edited'), target, seq: Seq, at: Time, mentions, expires, body: erasable },
      strict,
    ),
    Type.Object({ what: Type.Literal('deleted'), target, seq: Seq, at: Time, by: Id }, strict),
    Type.Object({ what: Type.Literal('reacted'), target, seq: Seq, by: Id, emoji }, strict),
    Type.Object({ what: Type.Literal('started'), target, seq: Seq, expires: Time }, strict),
  ],
  {
    description:
      'What was done to a message by the entry `seq`. Of one message, and of one person for reactions, the greatest seq of each kind counts; nothing else does once it is deleted.',
  },
);
export type Annotation = Static<typeof Annotation>;

const draft = {
  key: Id,
  baseSeq: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'The head that the client knew when it made the key; the key is looked for above it. Keep it with the key.',
    }),
  ),
};

/** What a member asks to have appended. `text` limits are checked apart from the schema, with a code of their own. */
export const Draft = Type.Union([
  Type.Object({ ...draft, kind: Type.Literal('message'), ref, mentions, attachments, body: Body }, strict),
  Type.Object(
    { ...draft, kind: Type.Literal('added'), users: Type.Array(Id, { minItems: 1, maxItems: 256, uniqueItems: true }) },
    strict,
  ),
  Type.Object({ ...draft, kind: Type.Literal('removed'), user: Id }, strict),
  Type.Object({ ...draft, kind: Type.Literal('left') }, strict),
  Type.Object({ ...draft, kind: Type.Literal('accepted') }, strict),
  Type.Object({ ...draft, kind: Type.Literal('role'), user: Id, role: Role }, strict),
  Type.Object({ ...draft, kind: Type.Literal('renamed'), title: Type.String({ maxLength: 1_024 }) }, strict),
  Type.Object({ ...draft, kind: Type.Literal('pictured'), picture }, strict),
  Type.Object({ ...draft, kind: Type.Literal('edited'), target, mentions, body: Body }, strict),
  Type.Object({ ...draft, kind: Type.Literal('deleted'), target }, strict),
  Type.Object({ ...draft, kind: Type.Literal('reacted'), target, emoji }, strict),
  Type.Object({ ...draft, kind: Type.Literal('pinned'), target, pinned: Type.Boolean() }, strict),
  Type.Object({ ...draft, kind: Type.Literal('lifetime'), lifetime: Lifetime }, strict),
]);
export type Draft = Static<typeof Draft>;

export const Having = Type.Union([Type.Literal('link'), Type.Literal('file'), Type.Literal('image')], {
  description: 'What a message has besides words.',
});
export type Having = Static<typeof Having>;

export const Position = Type.Object(
  { epoch: Type.Integer({ minimum: 1 }), seq: Seq },
  { ...strict, description: "A place in a user's feed. Another epoch means that the store was restored." },
);
export type Position = Static<typeof Position>;

const feedEntry = <K extends string, P extends TProperties>(kind: K, description: string, properties: P) =>
  Type.Object(
    { v: Type.Literal(1), seq: Seq, at: Time, kind: Type.Literal(kind), ...properties },
    { ...strict, description },
  );

/** A user's feed: pointers and what is the user's own; never a copy of a message. */
export const FeedEntry = Type.Union([
  feedEntry('advance', 'The log of this conversation reaches `to`.', { conversation: Id, to: Seq }),
  feedEntry('joined', 'The user is a member since this entry.', { conversation: Id, since: Seq }),
  feedEntry('left', 'The user is no member any more, since the entry `to`; removed by `by`, or left when nobody did.', {
    conversation: Id,
    to: Seq,
    by: Type.Optional(Id),
  }),
  feedEntry('read', "The user's own read mark.", { conversation: Id, to: Seq }),
  feedEntry('set', "The user's own setting.", { key: Type.String(), value: Type.String() }),
]);
export type FeedEntry = Static<typeof FeedEntry>;

export const Mark = Type.Object(
  { user: Id, delivered: Seq, read: Seq },
  { ...strict, description: "How far a member's devices have received and read a conversation. Both only grow." },
);
export type Mark = Static<typeof Mark>;

export const Receipt = Type.Object(
  { user: Id, deliveredAt: Type.Union([Time, Type.Null()]), readAt: Type.Union([Time, Type.Null()]) },
  {
    ...strict,
    description: "When a member's marks first covered a message; null while they do not, or more than 30 days ago.",
  },
);
export type Receipt = Static<typeof Receipt>;

const joined = seqOf('The seq since which the user is a member without interruption.');

export const Member = Type.Object({ user: Id, role: Role, joined }, strict);
export type Member = Static<typeof Member>;

export const RequestStage = Type.Union([Type.Literal('open'), Type.Literal('sent'), Type.Literal('received')], {
  description:
    'Of a direct conversation between strangers until it is accepted: nobody has written; the asker has, and may write no more; the other one has.',
});
export type RequestStage = Static<typeof RequestStage>;

/** A conversation as one member sees it. */
export const Summary = Type.Object(
  {
    id: Id,
    kind: ConversationKind,
    title: Type.String({ description: 'Empty for direct and self.' }),
    picture: Type.Optional({ ...Id, description: 'Is at `/pictures/group/<id>/<picture>`, as WebP, for members.' }),
    peer: Type.Union([Id, Type.Null()], { description: 'The other one, in a direct conversation.' }),
    request: Type.Optional(RequestStage),
    invitedBy: Type.Optional({ ...Id, description: 'Whose invitation to this server the other one has joined by.' }),
    history: HistoryRule,
    lifetime: Type.Optional(Lifetime),
    ended: Type.Optional(
      Type.Integer({ minimum: 0, description: 'When it ended, in milliseconds since 1970: nothing of it is kept.' }),
    ),
    channel: Type.Boolean({ description: 'Ever had more than 256 members: its feed pointers are not written.' }),
    role: Role,
    joined,
    memberCount: Type.Integer({ minimum: 0 }),
    head: seqOf('How far the log reaches.'),
    ordinal: seqOf('Messages up to the head.'),
    last: Type.Union([Entry, Type.Null()], { description: 'The newest message that this member may see.' }),
    annotations: Type.Optional(
      Type.Array(Annotation, { description: 'Of `last`, as of `head`: its edit, or that it was deleted.' }),
    ),
    pins: Type.Optional(Type.Array(Seq, { description: 'The pinned messages, the last pinned one last.' })),
    at: Type.Integer({ minimum: 0, description: 'When something last happened, other than to messages of before.' }),
    read: seqOf('How far the asker has read, also where it is hidden from others.'),
    unread: Type.Integer({
      minimum: 0,
      description:
        "Others' messages above `read` that stand: not deleted, also not for the asker alone, nor expired, nor of somebody blocked; 1000 stands for more than 999.",
    }),
    firstUnread: Type.Optional({ ...Seq, description: 'The first of them, where they are at most 999.' }),
    firstMention: Type.Optional({
      ...Seq,
      description: 'The first of them that calls the asker; where they are more than 999, of the newest 1,000 entries.',
    }),
    unreadUntil: Type.Optional({ ...Time, description: 'When the first of them goes by itself, if one does.' }),
    marks: Type.Array(Mark, { description: 'Of all members when they are at most 16, else empty: ask `marks`.' }),
  },
  strict,
);
export type Summary = Static<typeof Summary>;

export const Profile = Type.Object(
  {
    user: Id,
    name: Type.String({ description: 'The unique name, as in @mara.' }),
    displayName: Type.String(),
    role: ServerRole,
    version: Type.Integer({ minimum: 1, description: 'Grows with each change.' }),
    picture: Type.Optional({ ...Id, description: 'Is at `/pictures/<user>/<picture>`, as WebP, and never changes.' }),
    guest: Type.Optional(Type.Literal(true, { description: 'Made by somebody to try it with, for an hour.' })),
    deactivated: Type.Optional(Type.Literal(true, { description: 'Nobody is signed in to it any more.' })),
  },
  strict,
);
export type Profile = Static<typeof Profile>;

export const Vague = Type.Union([
  Type.Literal('recently'),
  Type.Literal('week'),
  Type.Literal('month'),
  Type.Literal('long'),
]);
export type Vague = Static<typeof Vague>;

export const Presence = Type.Object(
  {
    user: Id,
    online: Type.Boolean({ description: 'False where the user hides it from whoever asks.' }),
    lastSeen: Type.Union([Time, Type.Null()], { description: 'Null while online, not known, or hidden.' }),
    vague: Type.Union([Vague, Type.Null()], { description: 'In place of the other two where they are hidden.' }),
  },
  strict,
);
export type Presence = Static<typeof Presence>;

export const Device = Type.Object(
  {
    id: Id,
    name: Type.String(),
    createdAt: Time,
    usedAt: Time,
    online: Type.Boolean(),
    current: Type.Boolean({ description: 'The one that asks.' }),
  },
  strict,
);
export type Device = Static<typeof Device>;

export const Setting = Type.Object(
  {
    key: Type.String(),
    value: Type.String(),
    stamp: seqOf('Of two values the one with the greater stamp counts: epoch · 2⁴⁰ + seq of the feed entry.'),
  },
  strict,
);
export type Setting = Static<typeof Setting>;
