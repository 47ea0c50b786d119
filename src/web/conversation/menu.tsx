import { type RefObject, useRef } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';
import { useEscape } from '../keys.ts';
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
    <Popover
      className="menu"
      aria-label={t('messageMenu')}
      isOpen
      triggerRef={anchor}
      placement="bottom start"
      onOpenChange={(open) => open || onClose()}
      {...(point ? { getTargetRect: () => new DOMRect(point.x, point.y, 0, 0) } : {})}
    >
      <Menu aria-label={t('messageMenu')} autoFocus="first" onClose={onClose}>
        {actions.map(({ label, icon: Icon, isDanger, run }) => (
          <MenuItem key={label} className="menu-item" data-danger={isDanger || undefined} onAction={run}>
            <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
            {t(label)}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
