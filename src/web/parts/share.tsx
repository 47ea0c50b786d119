import { useState } from 'react';
import { Button } from 'react-aria-components';
import { t } from '../text/text.ts';
import { copy } from './copy.ts';
import { QrCode } from './qr.tsx';

const HERE_ONLY = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A link to hand on: to scan, to copy, or to read out. */
export function Share({ path }: { path: string }) {
  const address = location.origin + path;
  const isHereOnly = HERE_ONLY.test(location.hostname);
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
