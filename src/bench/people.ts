/** Accounts and conversations for a workload. Passwords are hashed for real, so this is where a bench waits. */
import { type Account, inParallel, newKey, signUp, Wire } from './wire.ts';

export interface Person {
  readonly account: Account;
  readonly wire: Wire;
}

const HASHES_AT_ONCE = 4;
const CONNECTS_AT_ONCE = 32;
const MEMBERS_AT_ONCE = 200;

export async function signUpAll(url: string, prefix: string, count: number): Promise<Person[]> {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const accounts = await inParallel(numbers, HASHES_AT_ONCE, (i) => signUp(url, `${prefix}${i}`));
  return inParallel(accounts, CONNECTS_AT_ONCE, async (account) => ({
    account,
    wire: await Wire.connect(url, account.token),
  }));
}

export async function openDirect(from: Person, to: Person): Promise<string> {
  const { conversation } = await from.wire.call('create', { create: { kind: 'direct', user: to.account.user } });
  return conversation.id;
}

export async function openGroup(owner: Person, others: readonly Person[]): Promise<string> {
  const users = others.map(({ account }) => account.user);
  const create = {
    kind: 'group',
    key: newKey(),
    title: 'Bench',
    users: users.slice(0, MEMBERS_AT_ONCE),
    history: 'all',
  } as const;
  const { conversation } = await owner.wire.call('create', { create });
  for (let at = MEMBERS_AT_ONCE; at < users.length; at += MEMBERS_AT_ONCE) {
    const draft = { kind: 'added', key: newKey(), users: users.slice(at, at + MEMBERS_AT_ONCE) } as const;
    await owner.wire.call('send', { conversation: conversation.id, drafts: [draft] });
  }
  return conversation.id;
}

export const TEXT =
  'A hundred bytes of text, which is about what people write to each other in one go: not very much!!!!';
