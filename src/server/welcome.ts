import type { Request, Result } from '../protocol/commands.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { Failed } from './failed.ts';
import type { Feeds } from './feeds.ts';
import type { Hints } from './hints.ts';
import type { NodePorts } from './ports.ts';
import type { Session } from './session.ts';

/** What `hello` is answered with; here it shows that the store was restored. */
export class Welcome {
  readonly #ports: NodePorts;
  readonly #feeds: Feeds;
  readonly #hints: Hints;
  #epochRaised = false;

  constructor(ports: NodePorts, feeds: Feeds, hints: Hints) {
    this.#ports = ports;
    this.#feeds = feeds;
    this.#hints = hints;
  }

  async of(session: Session, { position }: Request<'hello'>): Promise<Result<'hello'>> {
    const { store, directory, community, clock, limits, serverId, report } = this.#ports;
    const [profile, feedHead, { name }] = await Promise.all([
      directory.profile(session.user),
      this.#feeds.head(session.user),
      community.settings(),
    ]);
    if (!profile) throw new Failed('unauthenticated');
    let epoch = await store.epoch();
    // A store that was restored is one that was started: once is enough, and no client can do it over and over.
    if (position && position.epoch === epoch && position.seq > feedHead && !this.#epochRaised) {
      report(new Error(`A client of ${session.user} is ahead of its feed.`), 'the store was restored');
      epoch = await store.raiseEpoch(epoch + 1);
      this.#epochRaised = true;
      this.#hints.start(epoch);
    }
    return {
      protocol: PROTOCOL_VERSION,
      server: { id: serverId, name },
      user: profile,
      device: session.device,
      epoch,
      feedHead,
      at: clock.now(),
      heartbeatMs: limits.heartbeatMs,
      textBytes: limits.textBytes,
      fileBytes: limits.fileBytes,
    };
  }
}
