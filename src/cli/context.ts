/** What every command gets: where its profile is, and how it prints. */
import type { Command } from 'commander';
import { type Ask, asker } from './ask.ts';
import { Profile, type SavedSession } from './profile.ts';

export const DEFAULT_SERVER = 'http://127.0.0.1:7275';

export interface Context {
  readonly profile: Profile;
  readonly json: boolean;
  /** As said on the command line; else that of the session, else the default. */
  readonly server: string | undefined;
}

export function contextOf(command: Command): Context {
  const { profile, json, server } = command.optsWithGlobals<{ profile?: string; json?: boolean; server?: string }>();
  return { profile: new Profile(profile), json: json === true, server };
}

export async function signedIn({ profile, server }: Context): Promise<{ ask: Ask; session: SavedSession }> {
  const saved = await profile.session();
  const session = server === undefined ? saved : { ...saved, server };
  return { ask: asker(session), session };
}
