/** Where one would write, while a conversation between strangers is a request. */
import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ConversationView } from '../../client/views.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { later } from '../parts/later.tsx';
import { Wrong } from '../parts/panel.tsx';
import { say } from '../parts/toast.tsx';
import { go } from '../router.ts';
import { titleOf } from '../text/people.ts';
import { t } from '../text/text.ts';
import './answer.css';

const ReportDialog = later(async () => (await import('../people/report.tsx')).ReportDialog);
const BlockDialog = later(async () => (await import('../people/block.tsx')).BlockDialog);

export function Answer({ view }: { view: ConversationView }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const name = useView((messenger) => titleOf(messenger, view));
  const words = useId();
  const [asked, setAsked] = useState<'block' | 'report' | null>(null);
  const declined = view.request === 'declined';
  const undo = async () => {
    await messenger.decline(view.id, false);
    go({ at: 'conversation', id: view.id });
  };
  const decline = () =>
    act(async () => {
      const others = messenger.inbox().requests > 1;
      await messenger.decline(view.id);
      go({ at: others ? 'requests' : 'inbox' });
      say(t('declinedToast'), { label: t('undo'), run: undo });
    });
  return (
    <section className="answer" aria-labelledby={words}>
      <p id={words}>{t(declined ? 'requestDeclined' : 'requestReceived', { name })}</p>
      <Wrong>{wrong}</Wrong>
      <div className="answer-buttons">
        <Button className="main-button" isDisabled={busy} onPress={() => void act(() => messenger.accept(view.id))}>
          {t('accept')}
        </Button>
        {!declined && (
          <Button className="quiet-button" isDisabled={busy} onPress={() => void decline()}>
            {t('decline')}
          </Button>
        )}
        <Button className="quiet-button" data-danger isDisabled={busy} onPress={() => setAsked('block')}>
          {t('block')}
        </Button>
        <Button className="quiet-button" data-danger isDisabled={busy} onPress={() => setAsked('report')}>
          {t('report')}
        </Button>
      </div>
      {asked === 'block' && <BlockDialog user={view.peer!} onClose={() => setAsked(null)} />}
      {asked === 'report' && <ReportDialog user={view.peer!} onClose={() => setAsked(null)} />}
    </section>
  );
}

export function Waiting({ view }: { view: ConversationView }) {
  const name = useView((messenger) => titleOf(messenger, view));
  return (
    <p className="composer-closed" role="status">
      {t('requestSent', { name })}
    </p>
  );
}
