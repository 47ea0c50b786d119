import { useCallback, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { type LinkView, lookAtLink } from '../../client/index.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Share } from '../parts/share.tsx';
import { useRoute } from '../router.ts';
import { t } from '../text/text.ts';

interface Made {
  readonly code: string;
  /** By this device's clock. */
  readonly ends: number;
}

/** A link that signs a phone in without a password: counts down, tells when it was used, and can be made anew. */
export function AddDevice({ onClose }: { onClose(): void }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const [made, setMade] = useState<Made | null>(null);
  const make = useCallback(async () => {
    const asked = Date.now();
    const { code, at = asked, until } = await messenger.addDevice();
    setMade({ code, ends: asked + until - at });
  }, [messenger]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once when it opens
  useEffect(() => void act(make), [make]);
  return (
    <Dialog title={t('addDevice')} onClose={onClose}>
      <Wrong>{wrong}</Wrong>
      {made ? (
        <DeviceLink key={made.code} made={made} busy={busy} onAgain={() => void act(make)} onClose={onClose} />
      ) : (
        wrong !== '' && <Again busy={busy} onPress={() => void act(make)} />
      )}
    </Dialog>
  );
}

interface LinkProps {
  readonly made: Made;
  readonly busy: boolean;
  onAgain(): void;
  onClose(): void;
}

function DeviceLink({ made: { code, ends }, busy, onAgain, onClose }: LinkProps) {
  const now = useSecond();
  const left = Math.max(0, Math.ceil((ends - now) / 1_000));
  const used = useUsed(code, now);
  if (used) {
    return (
      <>
        <p role="status">{t('deviceCame')}</p>
        <Button autoFocus className="main-button" onPress={onClose}>
          {t('done')}
        </Button>
      </>
    );
  }
  if (left === 0) {
    return (
      <>
        <p role="status">{t('linkOver')}</p>
        <Again busy={busy} onPress={onAgain} />
      </>
    );
  }
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return (
    <>
      <Share path={`/enter/${code}`} />
      <p className="hint">
        {t('addDeviceHow')} <time>{t('linkLeft', { clock })}</time>
      </p>
    </>
  );
}

const Again = ({ busy, onPress }: { busy: boolean; onPress(): void }) => (
  <Button autoFocus className="main-button" isDisabled={busy} onPress={onPress}>
    {t('makeLink')}
  </Button>
);

function useSecond(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Asked each second for as long as the link is on the screen. */
function useUsed(code: string, now: number): boolean {
  const { slot } = useRoute();
  const [used, setUsed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again each second
  useEffect(() => {
    const show = ({ ended }: LinkView) => setUsed(ended === 'used');
    if (!used) lookAtLink({ slot }, code).then(show, () => {});
  }, [now]);
  return used;
}
