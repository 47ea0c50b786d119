import { type RefObject, useRef } from 'react';
import { useEscape } from '../keys.ts';
import { Item, Menu } from '../parts/menu.tsx';
import { t } from '../text/text.ts';
import type { Action } from './actions.ts';

interface Props {
  readonly actions: readonly Action[];
  /** The message; without a point, the menu hangs on it. */
  readonly message: HTMLElement;
  readonly point: { readonly x: number; readonly y: number } | null;
  onClose(): void;
}

/** The actions of a message, where the pointer or the finger is. */
export function MessageMenu({ actions, message, point, onClose }: Props) {
  const anchor: RefObject<HTMLElement> = useRef(message);
  // Also while the focus has not come here yet.
  useEscape(onClose, true);
  return (
    <Menu
      label={t('messageMenu')}
      isOpen
      triggerRef={anchor}
      placement="bottom start"
      onOpenChange={(open) => open || onClose()}
      onClose={onClose}
      {...(point ? { getTargetRect: () => new DOMRect(point.x, point.y, 0, 0) } : {})}
    >
      {actions.map(({ label, icon, isDanger = false, run }) => (
        <Item key={label} icon={icon} isDanger={isDanger} onAction={run}>
          {t(label)}
        </Item>
      ))}
    </Menu>
  );
}
