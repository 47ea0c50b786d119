/** Links that let somebody in: making and using them. */
import { join } from 'node:path';
import type { LinkView } from '../../protocol/community.ts';
import { get, RefusedRequest } from '../ask.ts';
import { type Context, DEFAULT_SERVER, signedIn } from '../context.ts';
import { EXIT, Failed, sentenceOf } from '../failure.ts';
import { conversation as find } from '../find.ts';
import { oneLine, print, printJson, time } from '../print.ts';
import { enter, type SignUpOptions, signUp } from './accounts.ts';

export interface InviteOptions {
  readonly group?: string;
  readonly admin?: boolean;
  readonly uses: number;
  readonly hours: number;
}

export async function invite(context: Context, { group, admin, uses, hours }: InviteOptions): Promise<void> {
  const { ask, session } = await signedIn(context);
  const conversation = group === undefined ? null : (await find(ask, group)).id;
  const role = admin ? ('admin' as const) : ('person' as const);
  const { code, invitation } = await ask('invite', { conversation, role, uses, hours });
  const link = new URL(`/join/${code}`, session.server).href;
  if (context.json) printJson({ ...invitation, link });
  else print(`${link}\nIt lets ${uses === 1 ? 'one person' : `${uses} people`} in until ${time(invitation.until)}.`);
}

/** With a name a new account; else whoever is signed in joins the group. */
export async function joinBy(
  context: Context,
  link: string,
  name: string | undefined,
  options: SignUpOptions,
): Promise<void> {
  const { server, code } = await parts(context, link);
  if (name !== undefined) return signUp({ ...context, server }, name, options, code);
  const { ask } = await signedIn(context);
  const { conversation } = await ask('useInvitation', { code });
  if (context.json) printJson({ conversation });
  else
    print(
      conversation === null
        ? 'You are on this server already.'
        : `You are in the chat that it leads to. Its id is ${conversation}.`,
    );
}

export async function signInBy(context: Context, link: string): Promise<void> {
  const { server, code } = await parts(context, link);
  const view = await get<LinkView>(server, `/api/links/${encodeURIComponent(code)}`).catch((error: unknown) => {
    throw error instanceof RefusedRequest ? new Failed(sentenceOf(error.failure.code)) : error;
  });
  if (view.kind !== 'device' && view.kind !== 'signin')
    throw new Failed('Join with this link: parley join LINK NAME', EXIT.usage);
  if (view.kind === 'signin') {
    process.stderr.write(
      `A new password for ${oneLine(view.name)}; ${oneLine(view.by ?? 'whoever runs the server')} made this link.\n`,
    );
  }
  await enter({ ...context, server }, '/api/sessions/link', { code }, view.kind === 'signin');
}

/** On the machine of the server: its own program does it, running or not. */
export async function reset(name: string, data: string | undefined): Promise<void> {
  process.exitCode = await serverProgram(['--reset', name, ...(data === undefined ? [] : ['--data', data])]);
}

/** On the machine of the server, while it does not run. */
export async function reindex(data: string | undefined): Promise<void> {
  process.exitCode = await serverProgram(['--reindex', ...(data === undefined ? [] : ['--data', data])]);
}

/** Runs the server's program, which says everything itself. */
export async function serverProgram(args: readonly string[]): Promise<number> {
  const main = join(import.meta.dir, '../../server/main.ts');
  const child = Bun.spawn([process.execPath, '--no-env-file', main, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return child.exited;
}

async function parts({ server, profile }: Context, link: string): Promise<{ server: string; code: string }> {
  const url = URL.parse(link);
  const code = (url?.pathname ?? link).split('/').at(-1) ?? '';
  return { server: url?.origin ?? server ?? (await profile.find())?.server ?? DEFAULT_SERVER, code };
}
