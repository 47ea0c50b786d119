/**
 * The keys of a user's settings: `mute/<conversation>`, `pin/…`, `archive/…`, `decline/…`, `remove/…` and `hide/<conversation>/<seq>` hold '1' or ''; `draft/<conversation>/<device>`
 * holds the text ('' when there is none); `block/<user>` takes '1' or '', and holds since when, in milliseconds of the
 * server's clock; `privacy/presence` holds an audience; `privacy/receipts` holds 'hidden' or ''; `notify/shows` what
 * notifications show; `notify/mentions` '1' or ''.
 */
import { isId } from './ids.ts';

export const AUDIENCES = ['everyone', 'contacts', 'nobody'] as const;
export type Audience = (typeof AUDIENCES)[number];
/** Who may see online and last seen when the user has not chosen. */
export const DEFAULT_AUDIENCE: Audience = 'everyone';

/** What a notification shows on a screen that may be locked: only that there is something; by whom and where; the words, too. */
export const NOTICE_SHOWS = ['', 'names', 'words'] as const;
export type NoticeShows = (typeof NOTICE_SHOWS)[number];

export const settingKey = {
  mute: (conversation: string) => `mute/${conversation}`,
  pin: (conversation: string) => `pin/${conversation}`,
  archive: (conversation: string) => `archive/${conversation}`,
  /** A request that shall not be shown; it counts only while it is one. */
  decline: (conversation: string) => `decline/${conversation}`,
  /** An ended conversation that shall not be listed any more. */
  remove: (conversation: string) => `remove/${conversation}`,
  /** A message that is deleted for the user alone. */
  hide: (conversation: string, seq: number) => `hide/${conversation}/${seq}`,
  draft: (conversation: string, device: string) => `draft/${conversation}/${device}`,
  /** Somebody between whom and oneself there shall be nothing. */
  block: (user: string) => `block/${user}`,
  presence: 'privacy/presence',
  receipts: 'privacy/receipts',
  noticeShows: 'notify/shows',
  /** Whoever calls one by name is heard where it is muted, too. */
  noticeMentions: 'notify/mentions',
} as const;

/** Whether words that somebody has begun to write stand under this key. */
export function isDraft(key: string): boolean {
  return key.startsWith('draft/');
}

const SEQ = /^[1-9]\d{0,14}$/;

/** Whether the server takes this value under this key. */
export function isSetting(key: string, value: string): boolean {
  const [kind, conversation = '', device, ...rest] = key.split('/');
  if (rest.length > 0) return false;
  if (kind === 'privacy' && conversation === 'presence') return (AUDIENCES as readonly string[]).includes(value);
  if (kind === 'privacy' && conversation === 'receipts') return value === '' || value === 'hidden';
  if (key === settingKey.noticeShows) return (NOTICE_SHOWS as readonly string[]).includes(value);
  if (key === settingKey.noticeMentions) return value === '' || value === '1';
  if (!isId(conversation)) return false;
  if (kind === 'draft') return device !== undefined && isId(device);
  if (kind === 'hide' && !SEQ.test(device ?? '')) return false;
  if (kind !== 'hide' && device !== undefined) return false;
  return (
    ['hide', 'mute', 'pin', 'archive', 'decline', 'remove', 'block'].includes(kind ?? '') &&
    (value === '' || value === '1')
  );
}
