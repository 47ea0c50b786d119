import { useEffect } from 'react';
import { Gate, Nowhere } from './account/gate.tsx';
import { remember } from './account/slots.ts';
import { Conversation } from './conversation/conversation.tsx';
import { Inbox } from './inbox/inbox.tsx';
import { useMessenger, useView } from './messenger.tsx';
import { useWide } from './parts/media.ts';
import { useRoute } from './router.ts';
import { countText, nameOf } from './text/people.ts';
import { t } from './text/text.ts';
import './app.css';

export function App() {
  const { screen } = useRoute();
  if (screen.at === 'nowhere') return <Nowhere />;
  return <Gate>{(signOut) => <Panes onSignOut={signOut} />}</Gate>;
}

function Panes({ onSignOut }: { onSignOut(): Promise<void> }) {
  const { screen } = useRoute();
  const wide = useWide();
  useTitle();
  useName();
  const id = screen.at === 'conversation' ? screen.id : null;
  const view = useView((messenger) => (id === null ? null : messenger.conversation(id)));
  const loaded = useView((messenger) => messenger.inbox().loaded);
  const details = screen.at === 'conversation' && screen.details;
  return (
    <div className="panes">
      {(wide || id === null) && (
        <section className="side-pane">
          <Inbox archived={screen.at === 'archived'} open={id} />
        </section>
      )}
      {(wide || id !== null) && (
        <main className="main-pane">
          {view ? (
            <Conversation key={view.id} view={view} details={details} wide={wide} />
          ) : (
            id !== null && loaded && <Nowhere />
          )}
        </main>
      )}
    </div>
  );
}

function useTitle(): void {
  const unread = useView((messenger) => messenger.inbox().unread);
  useEffect(() => {
    document.title = t('title', { n: unread, count: countText(unread) });
  }, [unread]);
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
