/** The SDK's door: sign up or in, then make a messenger of the session. */
import type { Clock, Random } from '../core/clock.ts';
import type { Messenger } from './api.ts';
import { httpCarrier } from './carrier.ts';
import { withFallback } from './fallback.ts';
import { createMessenger as create } from './messenger.ts';
import { hasWebSocket, onChange, saysOffline, systemClock, systemRandom } from './platform.ts';
import { pollingTransport } from './polling.ts';
import { baseOf, type Place, type Session } from './session.ts';
import { memoryStorage } from './storage/memory.ts';
import type { Storage } from './storage/storage.ts';
import type { Transport } from './transport.ts';
import { webSocketTransport } from './websocket.ts';

export type { Clock, Random } from '../core/clock.ts';
export {
  type Block,
  type Code,
  type Fenced,
  type Inline,
  type List,
  type ListItem,
  type Marked,
  type Paragraph,
  plainText,
  type Quote,
  richText,
  type Words,
} from '../core/rich-text.ts';
export { type FoundRange, found, parseQuery, type Query } from '../core/search.ts';
export type { MadeGuest } from '../protocol/accounts.ts';
export type {
  Community,
  Invitation,
  InvitedRole,
  Join,
  LinkView,
  ServerAccount,
  ServerView,
  SetUp,
} from '../protocol/community.ts';
export type {
  Device,
  Entry,
  FileInfo,
  Having,
  HistoryRule,
  Mark,
  Presence,
  Profile,
  Receipt,
  Role,
} from '../protocol/entities.ts';
export type { ErrorCode } from '../protocol/errors.ts';
export type { Reason, Report } from '../protocol/reports.ts';
export type { Messenger, MessengerEvents, Search, SearchRequest, SendOptions, Timeline } from './api.ts';
export { type FailedCode, RequestFailed } from './failed.ts';
export { cancelUpload, groupPicturePath, picturePath, type Upload, uploadFile } from './files.ts';
export {
  type Credentials,
  changePassword,
  enterByLink,
  lookAtLink,
  lookAtServer,
  makeGuest,
  makeRecoveryCode,
  type Newcomer,
  type Place,
  recover,
  resume,
  type Session,
  signIn,
  signOut,
  signUp,
} from './session.ts';
export { memoryStorage } from './storage/memory.ts';
export type { Blobs, Storage, Write } from './storage/storage.ts';
export type { Handlers, Link, Transport } from './transport.ts';
export type {
  Acts,
  ConversationView,
  FoundMessage,
  InboxView,
  MemberView,
  MessageView,
  NewFile,
  PendingMessage,
  RequestView,
  SearchView,
  StagedFile,
  Status,
  TimelineItem,
  TimelineView,
  UndoneAct,
  UploadView,
} from './views.ts';

export interface Options extends Place {
  readonly session: Session;
  /**
   * Of this device alone. Memory when it is left out: a restart then begins with an empty replica and outbox. What it
   * holds of another user is removed; of another device of the same user, all but what waits to be sent.
   */
  readonly storage?: Storage;
  /** WebSocket when it is left out, and long polling where there is none or it does not get through. */
  readonly transport?: Transport;
  /** Those of the machine when they are left out. */
  readonly clock?: Clock;
  readonly random?: Random;
}

/** How long a server has to answer that is asked because the machine says that it has no network. */
const NO_NETWORK_MS = 1_000;

/**
 * Resolves once storage is read, with or without a connection, and goes on connecting by itself; `status()` tells where
 * it stands. Rejects when storage cannot be read.
 */
export async function createMessenger(options: Options): Promise<Messenger> {
  const { session, storage = memoryStorage(), clock = systemClock(), random = systemRandom() } = options;
  const { token, ...self } = session;
  const transport = options.transport ?? transportTo(baseOf(options), token, clock);
  const { server, slot } = options;
  const place = { ...(server !== undefined && { server }), ...(slot !== undefined && { slot }), token };
  const carrier = httpCarrier(place);
  const messenger = await create({ transport, storage, clock, random, token, carrier, self });
  if (options.transport) return messenger;
  const forget = onChange(() => messenger.reconnect(saysOffline() ? NO_NETWORK_MS : undefined));
  const close = messenger.close.bind(messenger);
  messenger.close = async () => {
    forget();
    await close();
  };
  return messenger;
}

function transportTo(base: string, token: string | null, clock: Clock): Transport {
  const polling = pollingTransport(base, token, clock);
  return hasWebSocket() ? withFallback(webSocketTransport(base), polling, clock) : polling;
}
