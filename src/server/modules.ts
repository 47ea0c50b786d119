import type { Administration } from './administration.ts';
import type { Community } from './community.ts';
import type { Connections } from './connections.ts';
import type { Conversations } from './conversations.ts';
import type { Creation } from './creation.ts';
import type { Feeds } from './feeds.ts';
import type { Files } from './files.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Hints } from './hints.ts';
import type { Invitations } from './invitations.ts';
import type { Links } from './links.ts';
import type { Notifier } from './notifier.ts';
import type { Pages } from './pages.ts';
import type { NodePorts } from './ports.ts';
import type { Presence } from './presence.ts';
import type { Receipts } from './receipts.ts';
import type { Reports } from './reports.ts';
import type { Searches } from './searches.ts';
import type { Sends } from './sends.ts';
import type { Settings } from './settings.ts';
import type { Sighted } from './sighted.ts';
import type { Subscriptions } from './subscriptions.ts';

/** What commands are carried out with. */
export interface Modules {
  readonly ports: NodePorts;
  readonly connections: Connections;
  readonly conversations: Conversations;
  readonly feeds: Feeds;
  readonly files: Files;
  readonly hints: Hints;
  readonly receipts: Receipts;
  readonly pages: Pages;
  readonly sends: Sends;
  readonly searches: Searches;
  readonly creation: Creation;
  readonly presence: Presence;
  readonly heartbeat: Heartbeat;
  readonly settings: Settings;
  readonly community: Community;
  readonly links: Links;
  readonly administration: Administration;
  readonly invitations: Invitations;
  readonly subscriptions: Subscriptions;
  readonly sighted: Sighted;
  readonly notifier: Notifier;
  readonly reports: Reports;
}
