import { type CSSProperties, useEffect, useRef, useState } from 'react';
import type { ConversationView, InboxView } from '../client/views.ts';
import { Gate, Nowhere } from './account/gate.tsx';
import { accountIn, freeSlot, holdTab, noteUnread, remember } from './account/slots.ts';
import { Conversation } from './conversation/conversation.tsx';
import { useUndone } from './conversation/told.ts';
import { DetailsPane } from './details/pane.tsx';
import { Inbox } from './inbox/inbox.tsx';
import type { InboxPlace } from './inbox/place.ts';
import { type Over, useKeys } from './keys.ts';
import { useMessenger, useView } from './messenger.tsx';
import { useAttend } from './notify/use-attend.ts';
import { fetchLater, later } from './parts/later.tsx';
import { useWide } from './parts/media.ts';
import { Resizer, useInboxWidth } from './parts/resizer.tsx';
import { Toasts } from './parts/toast.tsx';
import { Alone } from './people/alone.tsx';
import { useRoute } from './router.ts';
import type { Screen } from './routes.ts';
import { countText, nameOf } from './text/people.ts';
import { t } from './text/text.ts';
import './app.css';

const ByLink = later(async () => (await import('./account/by-link.tsx')).ByLink);
const Join = later(async () => (await import('./account/join.tsx')).Join);
const NewChat = later(async () => (await import('./people/new-chat.tsx')).NewChat);
const NewGroup = later(async () => (await import('./people/new-group.tsx')).NewGroup);
const SearchPane = later(async () => (await import('./search/search-pane.tsx')).SearchPane);
const Palette = later(async () => (await import('./palette/palette.tsx')).Palette);
const ShortcutsDialog = later(async () => (await import('./palette/shortcuts-dialog.tsx')).ShortcutsDialog);
const ReadAll = later(async () => (await import('./inbox/read-all.tsx')).ReadAll);
const Settings = later(async () => (await import('./settings/settings.tsx')).Settings);

export function App() {
  const { slot, screen } = useRoute();
  if (screen.at === 'nowhere') return <Nowhere />;
  if (screen.at === 'link' && (!screen.chosen || accountIn(slot) === null)) {
    return <ByLink screen={screen} slot={screen.chosen ? slot : (freeSlot() ?? slot)} />;
  }
  return (
    <Gate>{(signOut) => (screen.at === 'link' ? <Join code={screen.code} /> : <Panes onSignOut={signOut} />)}</Gate>
  );
}

interface PanesProps {
  onSignOut(keep: boolean): Promise<void>;
}

function Panes({ onSignOut }: PanesProps) {
  const { slot, screen } = useRoute();
  const wide = useWide();
  useTitle();
  useUndone();
  useName();
  useEffect(() => holdTab(slot), [slot]);
  useEffect(fetchLater, []);
  useAttend();
  const id = useShownConversation(slot, screen, wide);
  const view = useView((messenger) => (id === null ? null : messenger.conversation(id)));
  const [over, setOver] = useState<Over | null>(null);
  const searching = useSearching(screen);
  useKeys({ screen, open: id, wide, onOver: setOver });
  const [inboxWidth, resizeInbox] = useInboxWidth();
  const complete = useView((messenger) => messenger.inbox().loaded && !messenger.inbox().more);
  const details = screen.at === 'conversation' && screen.details === true;
  const inConversation = screen.at === 'conversation';
  return (
    <div className="panes" style={{ '--inbox-width': `${inboxWidth}px` } as CSSProperties}>
      {(wide || !inConversation) && (
        // Where there is room for one pane, it is what the page is about. The element stays, and what is open in it.
        <section className="side-pane" role={wide ? 'region' : 'main'} aria-label={t('sidePane')}>
          <Side screen={screen} open={id} searching={searching} onSignOut={onSignOut} />
          {wide && <Resizer width={inboxWidth} onResize={resizeInbox} />}
        </section>
      )}
      {(wide || (inConversation && !details)) && (
        <main className="main-pane">
          {view ? (
            <Conversation key={view.id} view={view} details={details} wide={wide} />
          ) : id === null ? (
            screen.at === 'inbox' && complete && <FirstSteps />
          ) : (
            complete && <Nowhere />
          )}
        </main>
      )}
      {view && <DetailsPane key={view.id} view={view} open={details} wide={wide} />}
      <Toasts />
      {over === 'palette' && <Palette onClose={() => setOver(null)} />}
      {over === 'read-all' && <ReadAll onClose={() => setOver(null)} />}
      {over === 'shortcuts' && <ShortcutsDialog onClose={() => setOver(null)} />}
    </div>
  );
}

/** Where there is room for a conversation and none was ever begun. */
function FirstSteps() {
  const none = useView((messenger) => messenger.inbox().conversations.length === 0);
  const server = useView((messenger) => messenger.serverName());
  return none ? (
    <div className="empty first-steps">
      <h2 dir="auto">{server}</h2>
      <Alone />
    </div>
  ) : null;
}

/**
 * Beside the inbox and its like, the last conversation stays open where there is room for both; in a browser that has
 * shown none, one that was read before the app began, so that nothing is read by itself.
 */
function useShownConversation(slot: number, screen: Screen, wide: boolean): string | null {
  const key = `parley-last-${slot}`;
  const addressed = screen.at === 'conversation' ? screen.id : null;
  useEffect(() => {
    if (addressed !== null) localStorage.setItem(key, addressed);
  }, [key, addressed]);
  const first = useRef<string | null | undefined>(undefined);
  return useView((messenger) => {
    if (addressed !== null || !wide) return addressed;
    const last = localStorage.getItem(key);
    if (last && messenger.conversation(last)) return last;
    if (first.current === undefined && messenger.inbox().loaded) first.current = newestRead(messenger.inbox());
    return first.current ?? null;
  });
}

function newestRead({ conversations }: InboxView): string | null {
  const isLively = ({ kind, member, archived, unread, lastPending }: ConversationView) =>
    kind !== 'self' && member && !archived && unread === 0 && lastPending === null;
  return conversations.find(isLively)?.id ?? null;
}

/** Begun by its own address; it stays while one goes through what was found. */
function useSearching(screen: Screen): boolean {
  const last = useRef(false);
  if (screen.at !== 'conversation') last.current = screen.at === 'search';
  return last.current;
}

type SideProps = PanesProps & { screen: Screen; open: string | null; searching: boolean };

function Side({ screen, open, searching, onSignOut }: SideProps) {
  if (searching) return <SearchPane />;
  switch (screen.at) {
    case 'new':
      return <NewChat />;
    case 'new-group':
      return <NewGroup />;
    case 'settings':
      return <Settings part={screen.part ?? null} onSignOut={onSignOut} />;
    default:
      return <Inbox place={inboxPlaceAt(screen)} open={open} onSignOut={onSignOut} />;
  }
}

function inboxPlaceAt({ at }: Screen): InboxPlace {
  return at === 'archived' || at === 'requests' ? at : 'chats';
}

/** What is read as soon as it comes is not worth a change of name. */
const TITLE_MS = 200;

function useTitle(): void {
  const { slot } = useRoute();
  const unread = useView((messenger) => messenger.inbox().unread);
  const server = useView((messenger) => messenger.serverName()) || t('app');
  useEffect(() => {
    const timer = setTimeout(() => {
      document.title = t('title', { n: unread, count: countText(unread), server });
      icon(unread > 0);
    }, TITLE_MS);
    return () => clearTimeout(timer);
  }, [unread, server]);
  useEffect(() => noteUnread(slot, unread), [slot, unread]);
  useEffect(() => {
    const gone = () => noteUnread(slot, 0);
    addEventListener('pagehide', gone);
    return () => {
      removeEventListener('pagehide', gone);
      gone();
      document.title = t('app');
      icon(false);
    };
  }, [slot]);
}

const iconLink = document.querySelector<HTMLLinkElement>('link[rel=icon]');
const MARK = iconLink?.href ?? '';

function icon(unread: boolean): void {
  if (iconLink) iconLink.href = unread ? '/icons/unread.svg' : MARK;
}

/** The list of accounts in this browser shows the name by which people know one. */
function useName(): void {
  const { slot } = useRoute();
  const messenger = useMessenger();
  const known = useView((messenger) => messenger.profile(messenger.user) !== null);
  const name = useView((messenger) => nameOf(messenger, messenger.user));
  useEffect(() => {
    const { user, device } = messenger;
    if (known) remember(slot, { user, device, token: null }, name);
  }, [slot, messenger, known, name]);
}
