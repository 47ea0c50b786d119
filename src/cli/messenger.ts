/** The SDK on this profile's session and replica. */
import type { Messenger } from '../client/api.ts';
import { createMessenger } from '../client/index.ts';
import { FileInUse, fileStorage } from '../client/storage/file.ts';
import { type Context, signedIn } from './context.ts';
import { EXIT, Failed } from './failure.ts';

export async function openMessenger(context: Context): Promise<Messenger> {
  const { profile } = context;
  const { session } = await signedIn(context);
  const { server, user, device, token } = session;
  const storage = await fileStorage(profile.replica(session)).catch((error: unknown) => {
    if (!(error instanceof FileInUse)) throw error;
    throw new Failed(
      `Another parley (process ${error.holder}) follows this account. Close it, or sign in to another --profile.`,
      EXIT.busy,
    );
  });
  return createMessenger({ server, session: { user, device, token }, storage });
}
