import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { lookAtServer } from '../../client/index.ts';
import { t } from '../text/text.ts';
import { copy } from './copy.ts';
import { QrCode } from './qr.tsx';

const HERE_ONLY = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A link to hand on: to scan, to copy, or to read out. */
export function Share({ path }: { path: string }) {
  const [origin, setOrigin] = useState(location.origin);
  const isHereOnly = HERE_ONLY.test(new URL(origin).hostname);
  const address = origin + path;
  // Whoever runs the server sits at it, and hands the link to others: they reach it in the network.
  useEffect(() => {
    if (!HERE_ONLY.test(location.hostname)) return;
    lookAtServer().then(
      ({ lan }) => lan !== null && setOrigin(lan),
      () => {},
    );
  }, []);
  const [copied, setCopied] = useState(false);
  return (
    <div className="share">
      {!isHereOnly && <QrCode text={address} />}
      <div className="share-address">
        <input
          readOnly
          dir="ltr"
          aria-label={t('linkAddress')}
          value={address}
          onFocus={(event) => event.target.select()}
        />
        <Button autoFocus className="main-button" onPress={() => void copy(address).then(() => setCopied(true))}>
          {t(copied ? 'copied' : 'copyIt')}
        </Button>
      </div>
      {isHereOnly && <p className="hint">{t('hereOnly')}</p>}
    </div>
  );
}
