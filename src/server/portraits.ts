/**
 * Pictures of people. One is uploaded like any picture, to one's own notes, and its smallest size is then kept for the
 * profile. Its address names person and picture: whoever has been told the profile can see it, and nobody once it is
 * another one.
 */
import type { Request } from '../protocol/commands.ts';
import type { Profile } from '../protocol/entities.ts';
import { eraseFile, keyOf, messageOf, storedFile } from './attachments.ts';
import type { Conversations } from './conversations.ts';
import { Failed } from './failed.ts';
import type { Fetched } from './files.ts';
import { GroupPictures } from './group-pictures.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

/** What a crash has left of a picture goes after this. */
const LATE_MS = 600_000;

export class Portraits {
  readonly groups: GroupPictures;
  readonly #ports: NodePorts;
  readonly #conversations: Conversations;

  constructor(ports: NodePorts, conversations: Conversations) {
    this.#ports = ports;
    this.#conversations = conversations;
    this.groups = new GroupPictures(ports, conversations);
  }

  /** Rejects with `not_found` for a picture that was not uploaded as one to one's own notes, or has gone since. */
  async change({ user }: Session, { displayName, picture }: Request<'profile'>): Promise<{ profile: Profile }> {
    const { directory } = this.#ports;
    if (picture !== undefined) await this.#set(user, picture);
    if (displayName !== undefined) return { profile: await directory.setDisplayName(user, displayName) };
    const profile = await directory.profile(user);
    if (!profile) throw new Failed('not_found');
    return { profile };
  }

  /** Null when it is not, or not any more, the picture of this person. */
  async fetch(user: string, id: string): Promise<Pick<Fetched, 'bytes' | 'read'> | null> {
    const { directory, media } = this.#ports;
    if ((await directory.profile(user))?.picture !== id) return null;
    const key = pathOf(user, id);
    const bytes = await media.size(key);
    return bytes === null ? null : { bytes, read: (from, to) => media.read(key, from, to) };
  }

  /** What is due of a picture some time after it came, or was about to go. */
  async expire(item: string): Promise<void> {
    const [, user = '', id = ''] = item.split(' ');
    await this.#dropUnlessKept(user, id);
  }

  async #set(user: string, id: string | null): Promise<void> {
    const { directory, store, clock, media } = this.#ports;
    const held = (await directory.profile(user))?.picture ?? null;
    if (held === id) return;
    const at = clock.now() + LATE_MS;
    // Before there is anything to be taken away.
    for (const one of [held, id]) if (one !== null) await store.schedule(at, `picture ${user} ${one}`);
    const notes = this.#conversations.selfId(user);
    if (id !== null) {
      const stored = await storedFile(store, notes, id);
      const isPicture = stored?.user === user && stored.info.width !== undefined;
      if (!isPicture || !(await media.copy(keyOf(notes, id, 'small'), pathOf(user, id)))) throw new Failed('not_found');
    }
    await directory.setPicture(user, id);
    if (held !== null) await this.#dropUnlessKept(user, held);
    if (id === null) return;
    // What was uploaded for this, and not sent as a message, too, is of no more use.
    await this.#conversations.stateNow(notes);
    const sent = await messageOf(store, this.#conversations.recent(notes), notes, id);
    if (sent === null) await eraseFile(store, media, notes, id);
  }

  async #dropUnlessKept(user: string, id: string): Promise<void> {
    const { directory, media } = this.#ports;
    if ((await directory.profile(user))?.picture !== id) await media.delete(pathOf(user, id));
  }
}

function pathOf(user: string, id: string): string {
  return `pictures/${user}/${id}`;
}
