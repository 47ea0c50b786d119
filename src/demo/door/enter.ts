/** In the browser: signs everybody in in a slot of their own, then shows the links. */
import { createMessenger, type Messenger, resume, type Session, signIn } from '../../client/index.ts';
import { indexedDbStorage } from '../../client/storage/indexeddb.ts';
import { databaseOf } from '../../web/account/session.ts';
import { accountIn, forget, remember } from '../../web/account/slots.ts';
import { applyAppearance } from '../../web/appearance.ts';
import { hueOf, initials } from '../../web/text/people.ts';
import type { Plan, Visitor } from './plan.ts';

const state = document.getElementById('state')!;

async function main(): Promise<void> {
  const { password, visitors } = (await (await fetch('/demo/plan.json')).json()) as Plan;
  const list = document.getElementById('visitors')!;
  const rows = visitors.map(rowOf);
  list.ariaBusy = 'true';
  list.replaceChildren(...rows.map((row) => inItem(row)));
  const sessions = await Promise.all(visitors.map((visitor) => enter(visitor, password)));
  // One after the other, so that nobody reads that others left a group which they then leave themselves.
  for (const [i, visitor] of visitors.entries()) {
    const session = sessions[i];
    if (!session) continue;
    await write(visitor, session);
    remember(visitor.slot, session, visitor.displayName);
  }
  for (const [i, { slot }] of visitors.entries()) rows[i]!.href = `/${slot}/`;
  list.ariaBusy = 'false';
  state.textContent = '';
}

/** Resolves with a new session, or with null where this browser holds all of an earlier one. */
async function enter({ slot, name, user }: Visitor, password: string): Promise<Session | null> {
  if (accountIn(slot)?.user === user) {
    const known = await resume({ slot }).catch(() => null);
    if (known?.user === user) return null;
  }
  forget(slot);
  const session = await signIn({ slot, name, password, device: 'Browser' });
  // An earlier demo on this address had the same people, and said other things.
  await remove(databaseOf(slot, user));
  return session;
}

async function write({ slot, name, user, unsent }: Visitor, session: Session): Promise<void> {
  const messenger = await createMessenger({ slot, session, storage: await indexedDbStorage(databaseOf(slot, user)) });
  await messenger.caughtUp();
  await messenger.loadMoreConversations();
  // Who has left a group in another browser would know nothing of it in this one.
  await fetch(`/demo/readmit/${name}`);
  for (const { conversation, text, resigned } of unsent) {
    await until(messenger, () => messenger.conversation(conversation) !== null);
    if (resigned) await leave(messenger, conversation);
    const key = await messenger.send(conversation, text);
    await until(messenger, () => messenger.pending(conversation).find((one) => one.key === key)?.code !== null);
  }
  await messenger.close();
}

/** With what was said in it, which stays. */
async function leave(messenger: Messenger, conversation: string): Promise<void> {
  const timeline = messenger.timeline(conversation);
  await timeline.jump('newest');
  timeline.close();
  if (messenger.conversation(conversation)?.member) await messenger.leave(conversation);
}

function until(messenger: Messenger, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = messenger.subscribe(look);
    look();
  });
}

function remove(database: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(database);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

/** As the app lists people; it leads nowhere yet. */
function rowOf({ name, displayName, about, user }: Visitor): HTMLAnchorElement {
  const row = document.createElement('a');
  row.className = 'person visitor';
  row.target = '_blank';
  const avatar = within(row, 'span', 'avatar', '');
  Object.assign(avatar.dataset, { size: 'row', hue: hueOf(user), initials: initials(displayName) });
  avatar.ariaHidden = 'true';
  const text = within(row, 'span', 'person-text', '');
  const names = within(text, 'span', 'visitor-names', '');
  within(names, 'bdi', 'person-name', displayName);
  within(names, 'span', 'person-second', `@${name}`);
  within(text, 'span', 'person-second', about);
  return row;
}

function within(parent: HTMLElement, tag: 'span' | 'bdi', className: string, text: string): HTMLElement {
  const element = parent.appendChild(document.createElement(tag));
  element.className = className;
  element.textContent = text;
  return element;
}

function inItem(row: HTMLElement): HTMLLIElement {
  const item = document.createElement('li');
  item.append(row);
  return item;
}

applyAppearance();
main().catch((error: unknown) => {
  state.textContent = `The doors stay closed: ${error instanceof Error ? error.message : String(error)}. Load the page again.`;
});
