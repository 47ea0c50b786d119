import type { Connection } from './connection.ts';
import type { Session } from './session.ts';

/** Who asks: `connection` is null over HTTP. */
export interface Asker {
  readonly session: Session;
  readonly connection: Connection | null;
}
