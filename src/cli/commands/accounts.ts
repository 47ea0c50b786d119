/** Signing up, in and out, and the devices that one is signed in on. */
import { hostname } from 'node:os';
import type { SignedIn, SignedUp } from '../../protocol/accounts.ts';
import type { SetUp } from '../../protocol/community.ts';
import { post, RefusedRequest } from '../ask.ts';
import { type Context, DEFAULT_SERVER, signedIn } from '../context.ts';
import { EXIT, Failed, namedSentence, refused } from '../failure.ts';
import { password } from '../password.ts';
import { oneLine, print, printJson, time } from '../print.ts';

const NO_LINK = 'This server knows no such link. Look whether it is whole.';

export interface SignUpOptions {
  readonly displayName?: string;
  /** These three count only for whoever sets the server up. */
  readonly serverName?: string;
  readonly open?: boolean;
  readonly strangers?: boolean;
}

/** `link` is the code of an invitation or a set-up link. */
export async function signUp(context: Context, name: string, options: SignUpOptions, link?: string): Promise<void> {
  const { displayName = name, serverName, open, strangers } = options;
  const community: SetUp = {
    ...(serverName === undefined ? {} : { name: serverName }),
    ...(open ? { join: 'anyone' } : {}),
    ...(strangers ? { people: 'strangers' } : {}),
  };
  await enter(context, '/api/accounts', { name, displayName, community, ...(link === undefined ? {} : { link }) });
}

export async function signIn(context: Context, name: string): Promise<void> {
  await enter(context, '/api/sessions', { name });
}

export async function enter(
  context: Context,
  path: string,
  fields: Readonly<Record<string, unknown>>,
  withPassword = true,
): Promise<void> {
  const { profile, json } = context;
  const before = await profile.find();
  if (before) {
    throw new Failed(
      `${before.name} is signed in here. First: parley signout, or choose another --profile.`,
      EXIT.usage,
    );
  }
  const server = context.server ?? DEFAULT_SERVER;
  if (!URL.canParse(server)) throw new Failed(`${server} is no address. It looks like ${DEFAULT_SERVER}.`, EXIT.usage);
  const device = `Terminal on ${hostname()}`.slice(0, 64);
  const secret = withPassword ? { password: await password() } : {};
  const body = JSON.stringify({ ...fields, ...secret, device });
  const answer = await post<SignedIn & Partial<SignedUp>>(server, path, body).catch((error: unknown) => {
    if (!(error instanceof RefusedRequest)) throw error;
    const { code } = error.failure;
    throw new Failed(code === 'not_found' && fields['link'] !== undefined ? NO_LINK : namedSentence(error.failure));
  });
  const { user, name } = answer.user;
  await profile.save({ server, user, name, device: answer.device, token: answer.token ?? '' });
  const { conversation = null } = answer;
  if (json) return printJson({ user: answer.user, device: answer.device, server, conversation });
  print(`Signed in as ${name} on ${server}.`);
  if (conversation !== null) print('The invitation leads to a chat. See it: parley list');
}

export async function signOut(context: Context): Promise<void> {
  const { profile, json } = context;
  const { session } = await signedIn(context);
  const ended = await post(session.server, '/api/sessions/current', null, session.token, 'DELETE').then(
    () => true,
    (error: unknown) => {
      // Whoever was signed out from elsewhere wants the folder clean all the same.
      if (error instanceof RefusedRequest && error.failure.code === 'unauthenticated') return false;
      throw error instanceof RefusedRequest ? refused(error.failure) : error;
    },
  );
  await profile.forget(session);
  if (json) printJson({ signedOut: session.name, ended });
  else print(`${session.name} is signed out, and what was kept here is removed.`);
}

export async function devices(context: Context, revoke: string | undefined): Promise<void> {
  const { ask } = await signedIn(context);
  if (revoke !== undefined) {
    await ask('revoke', { device: revoke });
    if (context.json) printJson({ revoked: revoke });
    else print('That device is signed out.');
    return;
  }
  for (const device of (await ask('devices', {})).devices) {
    if (context.json) printJson(device);
    else {
      const state = device.current ? 'this one' : device.online ? 'online' : `used ${time(device.usedAt)}`;
      print(`${device.id}  ${oneLine(device.name)} (${state})`);
    }
  }
}
