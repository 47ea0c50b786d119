/** People without a browser, who write a lot and at once. */
import { createMessenger, type Messenger, memoryStorage, signIn, signUp } from '../../src/client/index.ts';
import { atEnd } from '../endings.ts';
import { displayName, PASSWORD } from './town.ts';

/** Signed up, or in when there is somebody of that name already. */
export async function bot(server: string, name: string): Promise<Messenger> {
  const who = { server, name, password: PASSWORD, device: `${displayName(name)}'s phone` };
  const session = await signUp({ ...who, displayName: displayName(name) }).catch(() => signIn(who));
  const messenger = await createMessenger({ server, session, storage: memoryStorage() });
  atEnd(() => messenger.close());
  await messenger.caughtUp();
  return messenger;
}

export async function userOf(messenger: Messenger, name: string): Promise<string> {
  const { people } = await messenger.people(name);
  return people.find((one) => one.name === name)!.user;
}

/** Resolves when all are stored, in this order. */
export async function write(messenger: Messenger, conversation: string, texts: readonly string[]): Promise<void> {
  const keys = await Promise.all(texts.map((text) => messenger.send(conversation, text)));
  await Promise.all(keys.map((key) => messenger.stored(key)));
}
