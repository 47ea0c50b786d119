/** Signing up, in and out: plain HTTP, because a cookie can only be set there. */
import Type, { type Static } from 'typebox';
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
  { ...credentials, displayName: Type.String({ maxLength: 64, description: 'What people see; the name when empty.' }) },
  strict,
);
export type SignUp = Static<typeof SignUp>;

export const SignIn = Type.Object(credentials, strict);
export type SignIn = Static<typeof SignIn>;

export const SignedIn = Type.Object(
  {
    user: Profile,
    device: Id,
    token: Type.Union([Type.String(), Type.Null()], {
      description: "Null when it was set as a cookie: the request's address named an account slot.",
    }),
  },
  strict,
);
export type SignedIn = Static<typeof SignedIn>;
