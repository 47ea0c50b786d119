import { useCallback, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Share } from '../parts/share.tsx';
import { t } from '../text/text.ts';

interface Made {
  readonly code: string;
  /** By this device's clock. */
  readonly ends: number;
}

/** A link that signs a phone in without a password; it counts down, and can be made anew. */
export function AddDevice({ onClose }: { onClose(): void }) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const [made, setMade] = useState<Made | null>(null);
  const [now, setNow] = useState(() => Date.now());
  const make = useCallback(async () => {
    const asked = Date.now();
    const { code } = await messenger.addDevice();
    setMade({ code, ends: asked + LINK_MS });
    setNow(asked);
  }, [messenger]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once when it opens
  useEffect(() => void act(make), [make]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const left = made ? Math.ceil((made.ends - now) / 1_000) : 0;
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return (
    <Dialog title={t('addDevice')} onClose={onClose}>
      <Wrong>{wrong}</Wrong>
      {made && left > 0 ? (
        <>
          <p>{t('addDeviceHow')}</p>
          <Share path={`/enter/${made.code}`} />
          <p className="hint">
            <time>{t('linkLeft', { clock })}</time>
          </p>
        </>
      ) : (
        !busy && (
          <>
            <p>{made && t('linkOver')}</p>
            <Button className="main-button" onPress={() => void act(make)}>
              {t('makeLink')}
            </Button>
          </>
        )
      )}
    </Dialog>
  );
}

/** Two minutes, as the server has it. */
const LINK_MS = 120_000;
