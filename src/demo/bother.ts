/** Somebody of the neighbours who bothers: what they write, that they are blocked for it, and reported. */
import { memoryStorage, type Session, signIn, signOut } from '../client/index.ts';
import type { House } from './house.ts';
import { ask, open, type Residents } from './resident.ts';
import type { Sample } from './talk.ts';

/** What they write to whoever blocks them later, who reads it. */
export async function write({ url: server, chance }: House, residents: Residents, name: string, sample: Sample) {
  const { bother, password } = sample;
  const blocker = residents.get(bother.blocks)!.session;
  const session: Session = await signIn({ server, name, password, device: 'Demo' });
  const messenger = await open(server, { session, storage: memoryStorage() }, chance);
  const conversation = await chance.repeatably(() => messenger.openDirect(blocker.user));
  let read = 0;
  for (const text of bother.says) read = await messenger.stored(await messenger.send(conversation, text));
  await messenger.close();
  await signOut({ server, token: session.token });
  await ask(server, blocker, 'mark', { conversation, read });
}

/** One of the people blocks them, and another has reported them to those who run the server. */
export async function answer(residents: Residents, by: string, { bother }: Sample): Promise<void> {
  await residents.get(bother.blocks)!.messenger.block(by);
  await residents.get(bother.reports)!.messenger.report(by, 'spam', { comment: bother.comment });
}
