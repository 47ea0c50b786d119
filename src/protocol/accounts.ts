/** Signing up, in and out: plain HTTP, because a cookie can only be set there. */
import Type, { type Static } from 'typebox';
import { SetUp } from './community.ts';
import { Id, Profile } from './entities.ts';

const strict = { additionalProperties: false } as const;

const credentials = {
  name: Type.String({ minLength: 1, maxLength: 64, description: 'The unique name, as in @mara.' }),
  password: Type.String({
    minLength: 1,
    maxLength: 1_024,
    description: 'At least 10 characters and at most 1,024 bytes of UTF-8.',
  }),
  device: Type.String({ maxLength: 64, description: 'What the list of devices calls this one.' }),
};

export const SignUp = Type.Object(
  {
    ...credentials,
    displayName: Type.String({ maxLength: 64, description: 'What people see; the name when empty.' }),
    link: Type.Optional(Type.String({ maxLength: 64, description: 'The code of a set-up link or of an invitation.' })),
    community: Type.Optional(SetUp),
  },
  { ...strict, description: '`community` is what the server begins with, and counts only for who becomes its owner.' },
);
export type SignUp = Static<typeof SignUp>;

export const SignIn = Type.Object(credentials, strict);
export type SignIn = Static<typeof SignIn>;

export const EnterByLink = Type.Object(
  {
    code: Type.String({ maxLength: 64, description: 'Of a link that signs in.' }),
    device: credentials.device,
    password: Type.Optional(credentials.password),
  },
  strict,
);
export type EnterByLink = Static<typeof EnterByLink>;

const signedIn = {
  user: Profile,
  device: Id,
  token: Type.Union([Type.String(), Type.Null()], {
    description: "Null when it was set as a cookie: the request's address named an account slot.",
  }),
};

export const SignedIn = Type.Object(signedIn, strict);
export type SignedIn = Static<typeof SignedIn>;

export const Recover = Type.Object(
  { ...credentials, code: Type.String({ maxLength: 64, description: 'The recovery code, however it is written.' }) },
  { ...strict, description: '`password` is the new one.' },
);
export type Recover = Static<typeof Recover>;

export const ChangePassword = Type.Object({ old: credentials.password, new: credentials.password }, strict);
export type ChangePassword = Static<typeof ChangePassword>;

export const MakeRecoveryCode = Type.Object(
  { password: Type.Optional(credentials.password) },
  {
    ...strict,
    description: 'Without the password, the first code of an account that was made in the last 10 minutes.',
  },
);
export const RecoveryCode = Type.Object(
  { code: Type.String({ description: 'Shown only now; good once, instead of the password.' }) },
  strict,
);

export const Rescue = Type.Object(
  {
    secret: Type.String({ maxLength: 64, description: "Of the file `rescue` in the server's folder." }),
    name: credentials.name,
  },
  strict,
);
export type Rescue = Static<typeof Rescue>;
export const SignInLink = Type.Object({ code: Type.String(), until: Type.Integer({ minimum: 0 }) }, strict);

export const MakeGuest = Type.Object({ displayName: Type.String({ maxLength: 64 }) }, strict);
export const MadeGuest = Type.Object(
  {
    user: Profile,
    conversation: Id,
    code: Type.String({ description: 'Of a link that signs a device of the guest in.' }),
    until: Type.Integer({ minimum: 0, description: 'When the guest is deactivated, in milliseconds since 1970.' }),
  },
  strict,
);
export type MadeGuest = Static<typeof MadeGuest>;

export const SignedUp = Type.Object(
  {
    ...signedIn,
    conversation: Type.Union([Id, Type.Null()], {
      description: 'What the invitation led to: its group, or the chat with whoever invited to the server.',
    }),
  },
  strict,
);
export type SignedUp = Static<typeof SignedUp>;
