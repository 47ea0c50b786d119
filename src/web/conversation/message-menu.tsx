import { useEffect } from 'react';
import type { TimelineItem } from '../../client/views.ts';
import { MenuAt } from '../parts/menu-at.tsx';
import { t } from '../text/text.ts';
import { actionsOf, type Hands } from './actions.ts';

interface Props extends Hands {
  readonly item: TimelineItem;
  readonly element: HTMLElement;
  readonly point: { readonly x: number; readonly y: number } | null;
  onClose(): void;
}

/** What may be done with a message, where the pointer or the finger is. */
export function MessageMenu({ item, element, point, onClose, ...hands }: Props) {
  const actions = actionsOf(item, hands);
  useEffect(() => {
    const message = element.closest<HTMLElement>('.message');
    if (!message) return;
    message.dataset.held = '';
    return () => {
      delete message.dataset.held;
    };
  }, [element]);
  return <MenuAt label={t('messageMenu')} actions={actions} element={element} point={point} onClose={onClose} />;
}
