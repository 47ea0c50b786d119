/** The server's people as a whole: what may be set, and the links that let somebody in. */
import Type, { type Static } from 'typebox';
import { Id, Profile, Time } from './entities.ts';

const strict = { additionalProperties: false } as const;

export const Join = Type.Union([Type.Literal('invited'), Type.Literal('anyone')], {
  description: 'Who may make an account: whoever has an invitation, or whoever reaches the server.',
});
export type Join = Static<typeof Join>;

export const People = Type.Union([Type.Literal('known'), Type.Literal('strangers')], {
  description:
    'Whether people here know each other and are listed; strangers are found by their exact name only, their first message is a request, and they are seen online only by whom they have accepted and by members of their groups.',
});
export type People = Static<typeof People>;

export const Community = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64, description: 'What the server is called.' }),
    join: Join,
    people: People,
  },
  strict,
);
export type Community = Static<typeof Community>;

/** What whoever sets a server up chooses; what is left out is as the server begins. */
export const SetUp = Type.Partial(Community, strict);
export type SetUp = Static<typeof SetUp>;

/** What an invitation may make of somebody. */
export const InvitedRole = Type.Union([Type.Literal('person'), Type.Literal('admin')]);
export type InvitedRole = Static<typeof InvitedRole>;

export const Invitation = Type.Object(
  {
    id: Id,
    by: Id,
    conversation: Type.Union([Id, Type.Null()], {
      description: 'The group that it leads to; null: to the server only.',
    }),
    role: InvitedRole,
    uses: Type.Integer({ minimum: 1, description: 'How many people it may let in.' }),
    used: Type.Integer({ minimum: 0 }),
    at: Time,
    until: Time,
  },
  strict,
);
export type Invitation = Static<typeof Invitation>;

const ended = Type.Union([Type.Null(), Type.Literal('used'), Type.Literal('expired'), Type.Literal('withdrawn')], {
  description: 'Why it lets nobody in any more; withdrawn also where the inviter may no longer invite.',
});

/** What a link is, for whoever holds it. */
export const LinkView = Type.Union([
  Type.Object({ kind: Type.Literal('setup'), server: Type.String(), ended }, strict),
  Type.Object(
    {
      kind: Type.Literal('invitation'),
      server: Type.String(),
      by: Type.String({ description: 'The display name of who invites.' }),
      role: InvitedRole,
      group: Type.Union([
        Type.Object({ title: Type.String(), memberCount: Type.Integer({ minimum: 0 }) }, strict),
        Type.Null(),
      ]),
      until: Time,
      left: Type.Integer({ minimum: 0, description: 'How many people it still lets in.' }),
      ended,
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('device'),
      server: Type.String(),
      name: Type.String(),
      displayName: Type.String(),
      until: Time,
      ended,
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('signin'),
      server: Type.String(),
      name: Type.String(),
      displayName: Type.String(),
      by: Type.Union([Type.String(), Type.Null()], { description: 'Who made it; null: who runs the machine.' }),
      until: Time,
      ended,
    },
    strict,
  ),
]);
export type LinkView = Static<typeof LinkView>;

/** An account, for those who run the server. */
export const ServerAccount = Type.Object(
  { user: Profile, at: Type.Union([Time, Type.Null()], { description: 'When it was made, where that is known.' }) },
  strict,
);
export type ServerAccount = Static<typeof ServerAccount>;

/** What anybody may know of a server before signing in. */
export const ServerView = Type.Object(
  {
    id: Type.String({ description: 'Part of the names of its cookies.' }),
    name: Type.String(),
    owner: Type.Union([Type.String(), Type.Null()], { description: 'Display name; null while nobody owns it.' }),
    join: Join,
    mayOwn: Type.Boolean({ description: 'Nobody owns it, and an account that is made from here would.' }),
    lan: Type.Union([Type.String(), Type.Null()], {
      description: 'Where other devices in the same network reach it; told on its own machine only, else null.',
    }),
  },
  strict,
);
export type ServerView = Static<typeof ServerView>;
