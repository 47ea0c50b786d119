/** Makes the views, and keeps each until what it shows has changed. */
import { annotated, byTarget } from '../core/annotations.ts';
import { compareRecent } from '../core/inbox.ts';
import { withoutExpired } from '../core/lifetime.ts';
import { settingKey } from '../protocol/settings.ts';
import type { Drafts } from './drafts.ts';
import type { Held } from './held.ts';
import type { Outbox } from './outbox.ts';
import type { People } from './people.ts';
import { pinsWith, withQueued } from './queued.ts';
import type { Replica } from './replica.ts';
import type { ConversationView, InboxView } from './views.ts';

export class Look {
  readonly #views = new Map<string, ConversationView>();
  #inbox: InboxView | null = null;
  readonly #replica: Replica;
  readonly #outbox: Outbox;
  readonly #drafts: Drafts;
  readonly #people: People;

  constructor(replica: Replica, outbox: Outbox, drafts: Drafts, people: People) {
    this.#replica = replica;
    this.#outbox = outbox;
    this.#drafts = drafts;
    this.#people = people;
  }

  changed(conversation: string | null): void {
    if (conversation !== null) this.#views.delete(conversation);
    this.#inbox = null;
  }

  conversation(id: string): ConversationView | null {
    const view = this.#views.get(id);
    if (view) return view;
    const held = this.#replica.conversations.get(id);
    if (!held) return null;
    const fresh = this.#make(held);
    this.#views.set(id, fresh);
    return fresh;
  }

  #make({ summary, member, removedBy, marks }: Held): ConversationView {
    const {
      id,
      kind,
      title,
      picture = null,
      peer,
      request,
      invitedBy = null,
      role,
      history,
      lifetime = { kind: 'always' },
      ended = null,
      memberCount,
      head,
      pins = [],
      at,
      read,
      unread,
      firstUnread = null,
      firstMention = null,
    } = summary;
    const blocked = peer !== null && this.#replica.settings.blocked.has(peer);
    const isOn = (key: string) => this.#replica.settings.get(key)?.value === '1';
    return {
      id,
      kind,
      title,
      picture: member ? picture : null,
      peer,
      request: request === 'received' && (blocked || isOn(settingKey.decline(id))) ? 'declined' : (request ?? null),
      blocked,
      invitedBy,
      role,
      history,
      member,
      removedBy,
      lifetime,
      ended,
      memberCount,
      head,
      ...this.#last(summary),
      pins: pinsWith(pins, this.#outbox.acts(id)),
      lastPending: this.#outbox.last(id),
      at,
      read,
      // Of what one has left nothing can be read up any more.
      ...(member ? { unread, firstUnread, firstMention } : { unread: 0, firstUnread: null, firstMention: null }),
      marks,
      muted: isOn(settingKey.mute(id)),
      pinned: isOn(settingKey.pin(id)),
      archived: isOn(settingKey.archive(id)),
      draft: this.#drafts.get(id),
      typing: this.#people.typing(id),
    };
  }

  #last({ id, last, annotations = [] }: Held['summary']): Pick<ConversationView, 'last' | 'lastDeletedBy'> {
    if (last?.kind !== 'message' || this.#replica.settings.isHidden(id, last.seq))
      return { last: null, lastDeletedBy: null };
    const known = byTarget(annotations).get(last.seq);
    const queued = this.#outbox.acts(id).get(last.seq);
    const of = queued ? withQueued(known, queued, this.#replica.user) : known;
    const shown = withoutExpired(of ? annotated(last, of) : last, this.#replica.now());
    return { last: shown, lastDeletedBy: of?.deleted?.by ?? null };
  }

  inbox(): InboxView {
    if (this.#inbox) return this.#inbox;
    const held = [...this.#replica.conversations.keys()].map((id) => this.conversation(id)!);
    const conversations = held.filter(
      ({ id, ended }) => ended === null || this.#replica.settings.get(settingKey.remove(id))?.value !== '1',
    );
    conversations.sort((a, b) => Number(b.pinned) - Number(a.pinned) || compareRecent(a, b));
    let [unread, requests] = [0, 0];
    for (const { member, muted, archived, request, unread: own } of conversations) {
      if (member && !muted && !archived && request === null) unread += own;
      if (member && request === 'received') requests++;
    }
    const { listNext } = this.#replica;
    this.#inbox = { conversations, loaded: listNext !== undefined, more: Boolean(listNext), unread, requests };
    return this.#inbox;
  }
}
