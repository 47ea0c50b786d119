/** The SDK on this profile's session and replica. */
import type { Messenger } from '../client/api.ts';
import { createMessenger } from '../client/index.ts';
import { fileStorage } from '../client/storage/file.ts';
import { type Context, signedIn } from './context.ts';

export async function openMessenger(context: Context): Promise<{ messenger: Messenger; close: () => Promise<void> }> {
  const { profile } = context;
  const { session } = await signedIn(context);
  await profile.lock();
  const { server, user, device, token } = session;
  const storage = await fileStorage(profile.replica(session));
  const messenger = await createMessenger({ server, session: { user, device, token }, storage });
  const close = async () => {
    await messenger.close();
    await profile.unlock();
  };
  return { messenger, close };
}
