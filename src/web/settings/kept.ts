/** What a browser holds of an account. */
import { openDB } from 'idb';

export interface Kept {
  readonly chats: number;
  readonly messages: number;
  /** Of all accounts together; null where the browser does not tell, as on plain http. */
  readonly bytes: number | null;
}

export async function lookAtKept(database: string): Promise<Kept> {
  const db = await openDB(database);
  try {
    const below = (prefix: string) => IDBKeyRange.bound(`${prefix}/`, `${prefix}0`, false, true);
    const [chats, messages] = await Promise.all([db.count('rows', below('c')), db.count('rows', below('e'))]);
    const { usage = null } = (await navigator.storage?.estimate()) ?? {};
    return { chats, messages, bytes: usage };
  } finally {
    db.close();
  }
}
