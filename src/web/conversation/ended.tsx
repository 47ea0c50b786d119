/** Where one would write, once a conversation has ended. */
import { Button } from 'react-aria-components';
import type { ConversationView } from '../../client/views.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Wrong } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { t } from '../text/text.ts';
import { dayMonthOf } from '../text/time.ts';
import './answer.css';

export function Ended({ id, ended }: { id: ConversationView['id']; ended: number }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const remove = () =>
    act(async () => {
      await messenger.remove(id);
      go({ at: 'inbox' });
    });
  return (
    <section className="answer">
      <p role="status">{t('chatEnded', { day: dayMonthOf(ended) })}</p>
      <Wrong>{wrong}</Wrong>
      <div className="answer-buttons">
        <Button className="quiet-button" isDisabled={busy} onPress={() => void remove()}>
          {t('removeChat')}
        </Button>
      </div>
    </section>
  );
}
