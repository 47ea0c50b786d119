/** What is looked at before words and files are sent: whether the server takes so much, and whom they call. */
import { stat } from 'node:fs/promises';
import { namesCalled } from '../core/mentions.ts';
import { foldCase, utf8Bytes } from '../core/text.ts';
import { MENTIONS_MAX } from '../protocol/limits.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Ask } from './ask.ts';
import { EXIT, Failed } from './failure.ts';
import { oneLine } from './print.ts';

/** Every server takes so many bytes. */
const SMALL = 1_000;
const PAGE = 100;
const QUERY_MAX = 64;

export interface Writing {
  /** Why the server would not take it, else null. */
  tooLong(text: string): Promise<string | null>;
  mustTake(name: string, bytes: number): Promise<void>;
  /** The members whom it calls by name, as a draft has them. */
  calls(text: string): Promise<{ mentions?: string[] }>;
}

/** Asks for each thing once, and only where it matters. */
export function writing(ask: Ask, conversation: string): Writing {
  let asked: Promise<{ textBytes: number; fileBytes: number } | null> | null = null;
  const limits = () => {
    // A server of another version says it when it refuses.
    asked ??= ask('hello', { protocol: PROTOCOL_VERSION, position: null }).catch(() => null);
    return asked;
  };
  const members = new Map<string, string | null>();
  return {
    async tooLong(text) {
      const bytes = utf8Bytes(text);
      const most = bytes > SMALL ? (await limits())?.textBytes : undefined;
      if (most === undefined || bytes <= most) return null;
      return `That text has ${number(bytes)} bytes; the limit is ${number(most)}.`;
    },
    async mustTake(name, bytes) {
      const most = bytes > SMALL ? (await limits())?.fileBytes : undefined;
      if (most === undefined || bytes <= most) return;
      throw new Failed(`${oneLine(name)} is ${megabytes(bytes)}; the limit is ${megabytes(most)}.`);
    },
    async calls(text) {
      const mentions: string[] = [];
      for (const name of [...namesCalled(text)].slice(0, MENTIONS_MAX)) {
        if (!members.has(name)) members.set(name, await memberCalled(ask, conversation, name));
        const user = members.get(name);
        if (user) mentions.push(user);
      }
      return mentions.length > 0 ? { mentions } : {};
    },
  };
}

/** How large it is. */
export async function mustBeFile(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new Failed(`${path} is no file.`, EXIT.usage);
  return found.size;
}

async function memberCalled(ask: Ask, conversation: string, name: string): Promise<string | null> {
  if (name.length > QUERY_MAX) return null;
  for (let after: string | null = null; ; ) {
    const page: { members: { user: string }[]; next: string | null } = await ask('members', {
      conversation,
      after,
      limit: PAGE,
      query: name,
    });
    const users = page.members.map(({ user }) => user);
    const { profiles } = users.length > 0 ? await ask('profiles', { users }) : { profiles: [] };
    const found = profiles.find((profile) => foldCase(profile.name) === name);
    if (found) return found.user;
    if (page.next === null) return null;
    after = page.next;
  }
}

const number = (count: number) => count.toLocaleString('en');

/** Rounded up: what is too large never looks as if it were not. */
const megabytes = (bytes: number) => `${number(Math.ceil(bytes / 100_000) / 10)} MB`;
