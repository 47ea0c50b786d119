/** The commands that are about the server's people: inviting them, devices by link, and running it. */
import Type, { type TSchema } from 'typebox';
import { Community, Invitation, InvitedRole, Join, People, ServerAccount } from './community.ts';
import { Id, Profile, Time } from './entities.ts';
import { INVITATION_HOURS_MAX, INVITATION_USES_MAX } from './limits.ts';
import { after, limit, next, nullable, object } from './parts.ts';

export const COMMUNITY_COMMANDS = {
  community: {
    request: object({}, 'What the server is called, and who may join it.'),
    result: Community,
  },
  changeCommunity: {
    request: object(
      {
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        join: Type.Optional(Join),
        people: Type.Optional(People),
      },
      'For the owner of the server and its admins.',
    ),
    result: Community,
  },
  invite: {
    request: object(
      {
        conversation: nullable(Id, 'A group to which the asker may add people; null: to the server only.'),
        role: InvitedRole,
        uses: Type.Integer({ minimum: 1, maximum: INVITATION_USES_MAX, description: 'How many people it lets in.' }),
        hours: Type.Integer({ minimum: 1, maximum: INVITATION_HOURS_MAX, description: 'How long it lets them in.' }),
      },
      'Makes an invitation; everybody may invite persons, admins and the owner also admins.',
    ),
    result: object({
      code: Type.String({ description: 'Shown only now: `/join/<code>` is its address.' }),
      invitation: Invitation,
    }),
  },
  invitations: {
    request: object({ after, limit }, 'The invitations that still let somebody in: all for admins, else the own.'),
    result: object({ invitations: Type.Array(Invitation), next }),
  },
  uninvite: {
    request: object({ invitation: Id }, 'Ends an invitation: the own, or for admins any.'),
    result: object({}),
  },
  useInvitation: {
    request: object({ code: Type.String({ maxLength: 64 }) }, 'Joins the group of an invitation.'),
    result: object({ conversation: nullable(Id, 'The group; null when it only leads to the server.') }),
  },
  addDevice: {
    request: object({}, 'Makes a link that signs one more device of the asker in, once.'),
    result: object({
      code: Type.String({ description: '`/enter/<code>` is its address.' }),
      at: Type.Optional(Time),
      until: Time,
    }),
  },
  accounts: {
    request: object(
      { query: Type.String({ maxLength: 64, description: 'As in `people`.' }), after, limit },
      'All accounts, for those who run the server.',
    ),
    result: object({ accounts: Type.Array(ServerAccount), next }),
  },
  setServerRole: {
    request: object(
      { user: Id, role: Type.Union([Type.Literal('admin'), Type.Literal('person'), Type.Literal('bot')]) },
      'For the owner of the server.',
    ),
    result: object({ profile: Profile }),
  },
  deactivate: {
    request: object({ user: Id }, 'Ends all sessions of an account, and lets nobody sign in to it.'),
    result: object({ profile: Profile }),
  },
  reactivate: {
    request: object({ user: Id }, 'Lets people sign in to it again.'),
    result: object({ profile: Profile }),
  },
  signInLink: {
    request: object({ user: Id }, 'Makes a link for somebody who forgot the password: good once, for an hour.'),
    result: object({ code: Type.String({ description: '`/enter/<code>` is its address.' }), until: Time }),
  },
} as const satisfies Record<string, { request: TSchema; result: TSchema }>;
