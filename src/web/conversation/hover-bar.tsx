import { Ellipsis, Reply, SmilePlus } from 'lucide-react';
import { t } from '../text/text.ts';

/** Beside the message that the mouse or the focus is on; only what a click asks for is heard, by the timeline. */
export function HoverBar({ canReply, canReact }: { canReply: boolean; canReact: boolean }) {
  return (
    <span className="hover-bar">
      {canReply && (
        <button type="button" data-do="reply" aria-label={t('reply')} title={t('reply')}>
          <Reply size={20} strokeWidth={1.75} aria-hidden="true" />
        </button>
      )}
      {canReact && (
        <button type="button" data-do="react" aria-label={t('react')} title={t('react')}>
          <SmilePlus size={20} strokeWidth={1.75} aria-hidden="true" />
        </button>
      )}
      <button type="button" data-do="menu" aria-label={t('messageMenu')} title={t('messageMenu')} aria-haspopup="menu">
        <Ellipsis size={20} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </span>
  );
}
