/** Signing up, in and out: plain HTTP, because a cookie can only be set there. */
import Type, { type Static } from 'typebox';
import { Id, Profile } from './entities.ts';

const strict = { additionalProperties: false } as const;

const credentials = {
  name: Type.String({ minLength: 1, maxLength: 64 }),
  /** At most 1,024 bytes of UTF-8. */
  password: Type.String({ minLength: 1, maxLength: 1_024 }),
  /** What the list of devices calls this one. */
  device: Type.String({ maxLength: 64 }),
};

export const SignUp = Type.Object({ ...credentials, displayName: Type.String({ maxLength: 64 }) }, strict);
export type SignUp = Static<typeof SignUp>;

export const SignIn = Type.Object(credentials, strict);
export type SignIn = Static<typeof SignIn>;

/** `token` is null when it was set as a cookie: the request's address named an account slot. */
export const SignedIn = Type.Object(
  { user: Profile, device: Id, token: Type.Union([Type.String(), Type.Null()]) },
  strict,
);
export type SignedIn = Static<typeof SignedIn>;
