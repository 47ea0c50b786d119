import { encode } from 'uqr';
import { t } from '../text/text.ts';
import './qr.css';

/** Dark on light in both themes: many cameras read no other. */
export function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('qrCode')} shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
