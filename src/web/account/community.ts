/** What whoever runs a server chooses, in words: when it is set up, and later in Settings. */
import type { Join, People } from '../../protocol/community.ts';
import type { TextKey } from '../text/en.ts';

export const JOINS = ['invited', 'anyone'] as const satisfies readonly Join[];
export const JOIN_NAMES: Record<Join, TextKey> = { invited: 'joinInvited', anyone: 'joinAnyone' };

export const PEOPLE = ['known', 'strangers'] as const satisfies readonly People[];
export const PEOPLE_NAMES: Record<People, TextKey> = { known: 'peopleKnown', strangers: 'peopleStrangers' };
