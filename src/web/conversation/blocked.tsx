/** Where one would write to somebody whom one blocks. */
import { Button } from 'react-aria-components';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Wrong } from '../parts/panel.tsx';
import { block } from '../people/block.tsx';
import { nameOf } from '../text/people.ts';
import '../text/safety.ts';
import { t } from '../text/text.ts';
import './answer.css';

export function Blocked({ peer }: { peer: string }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const name = useView((messenger) => nameOf(messenger, peer));
  return (
    <section className="answer">
      <p role="status">{t('youBlocked', { name })}</p>
      <Wrong>{wrong}</Wrong>
      <div className="answer-buttons">
        <Button
          className="quiet-button"
          isDisabled={busy}
          onPress={() => void act(() => block(messenger, peer, false))}
        >
          {t('unblock')}
        </Button>
      </div>
    </section>
  );
}
