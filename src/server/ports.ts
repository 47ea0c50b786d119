import type { Bus } from '../bus/bus.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { Media, Pictures } from '../media/media.ts';
import type { Limits } from '../protocol/limits.ts';
import type { Push } from '../push/push.ts';
import type { SearchIndex } from '../search/search.ts';
import type { Store } from '../store/store.ts';
import type { Community } from './community.ts';
import type { Directory } from './directory.ts';

/** All that a server touches of the world. */
export interface NodePorts {
  readonly store: Store;
  readonly bus: Bus;
  readonly search: SearchIndex;
  readonly clock: Clock;
  readonly random: Random;
  /** SHA-256 of the text, or at least its first 16 bytes. */
  readonly hash: (text: string) => Uint8Array;
  readonly directory: Directory;
  readonly limits: Limits;
  readonly serverId: string;
  readonly community: Community;
  readonly media: Media;
  readonly pictures: Pictures;
  /** Scheme, host and port of what keeps files near the people who fetch them; the server itself when it is left out. */
  readonly mediaOrigin?: string | undefined;
  /** Null where nobody is notified. */
  readonly push: Push | null;
  /** Feed entries kept for resume; older positions get a snapshot. */
  readonly feedKept?: number;
  /** Logs a bug or a failure of an engine; returns the id that the client is shown. */
  readonly report: (error: unknown, what: string) => string;
}
