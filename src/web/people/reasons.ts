import type { Reason } from '../../protocol/reports.ts';

export const REASON_NAMES = {
  spam: 'reasonSpam',
  harassment: 'reasonHarassment',
  threat: 'reasonThreat',
  illegal: 'reasonIllegal',
  pretence: 'reasonPretence',
  other: 'reasonOther',
} as const satisfies Record<Reason, string>;

/** In the order in which they are offered. */
export const REASONS = Object.keys(REASON_NAMES) as readonly Reason[];
