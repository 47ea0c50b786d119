/** In the browser: signs everybody in in a slot of their own, then shows the links. */
import { createMessenger, resume, type Session, signIn } from '../../client/index.ts';
import { indexedDbStorage } from '../../client/storage/indexeddb.ts';
import { databaseOf } from '../../web/account/session.ts';
import { remember } from '../../web/account/slots.ts';
import type { Plan, Visitor } from './plan.ts';

const state = document.getElementById('state')!;

async function main(): Promise<void> {
  const { password, visitors } = (await (await fetch('/demo/plan.json')).json()) as Plan;
  await Promise.all(visitors.map((visitor) => enter(visitor, password)));
  document.getElementById('visitors')!.replaceChildren(...visitors.map(linkTo));
  state.textContent = '';
}

async function enter(visitor: Visitor, password: string): Promise<void> {
  const { slot, name, displayName, user } = visitor;
  const known = await resume({ slot }).catch(() => null);
  if (known?.user === user) return remember(slot, known, displayName);
  const session = await signIn({ slot, name, password, device: 'Browser' });
  // An earlier demo on this address had the same people, and said other things.
  await remove(databaseOf(slot, user));
  if (visitor.unsent.length > 0) await write(visitor, session);
  remember(slot, session, displayName);
}

async function write({ slot, user, unsent }: Visitor, session: Session): Promise<void> {
  const messenger = await createMessenger({ slot, session, storage: await indexedDbStorage(databaseOf(slot, user)) });
  await messenger.caughtUp();
  await messenger.loadMoreConversations();
  // Whoever was taken out before this browser came knows nothing of the group, and writes nothing into it.
  const held = unsent.filter(({ conversation }) => messenger.conversation(conversation) !== null);
  await fetch('/demo/came');
  for (const { conversation, text } of held) {
    const key = await messenger.send(conversation, text);
    await new Promise<void>((answered) => {
      const look = () => {
        const mine = messenger.pending(conversation).find((pending) => pending.key === key);
        if (mine && mine.code === null) return;
        stop();
        answered();
      };
      const stop = messenger.subscribe(look);
      look();
    });
  }
  await messenger.close();
}

function remove(database: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(database);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

function linkTo({ slot, displayName, about }: Visitor): HTMLLIElement {
  const item = document.createElement('li');
  const link = item.appendChild(document.createElement('a'));
  link.href = `/${slot}/`;
  link.target = '_blank';
  link.appendChild(document.createElement('strong')).appendChild(document.createElement('bdi')).textContent =
    displayName;
  link.appendChild(document.createElement('small')).textContent = about;
  return item;
}

main().catch((error: unknown) => {
  state.textContent = `The doors stay closed: ${error instanceof Error ? error.message : String(error)}. Load the page again.`;
});
