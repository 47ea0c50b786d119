import type { Presence, Vague } from '../protocol/entities.ts';
import type { Audience } from '../protocol/settings.ts';

const DAY_MS = 86_400_000;

/** How long ago, for whoever may not know exactly. */
export function vagueSince(lastSeen: number | null, now: number): Vague {
  if (lastSeen === null) return 'long';
  const days = (now - lastSeen) / DAY_MS;
  if (days <= 3) return 'recently';
  if (days <= 7) return 'week';
  return days <= 30 ? 'month' : 'long';
}

/** What one user may know of another, by the other's own choice of audience. */
export function presenceFor(
  seen: { readonly user: string; readonly online: boolean; readonly lastSeen: number | null },
  audience: Audience,
  isContact: boolean,
  now: number,
): Presence {
  const open = audience === 'everyone' || (audience === 'contacts' && isContact);
  if (open) return { user: seen.user, online: seen.online, lastSeen: seen.online ? null : seen.lastSeen, vague: null };
  return { user: seen.user, online: false, lastSeen: null, vague: vagueSince(seen.online ? now : seen.lastSeen, now) };
}
