import type { LucideIcon } from 'lucide-react';
import { type RefObject, useRef } from 'react';
import { useEscape } from '../keys.ts';
import type { TextKey } from '../text/en.ts';
import { t } from '../text/text.ts';
import { Item, Menu } from './menu.tsx';

export interface Action {
  readonly label: TextKey;
  readonly icon: LucideIcon;
  readonly isDanger?: boolean;
  run(): void;
}

interface Props {
  readonly label: string;
  readonly actions: readonly Action[];
  /** What they are done to; without a point, the menu hangs on it. */
  readonly element: HTMLElement;
  readonly point: { readonly x: number; readonly y: number } | null;
  onClose(): void;
}

/** What may be done with something, where the pointer or the finger is. */
export function MenuAt({ label: name, actions, element, point, onClose }: Props) {
  const anchor: RefObject<HTMLElement> = useRef(element);
  // Also while the focus has not come here yet.
  useEscape(onClose, true);
  return (
    <Menu
      label={name}
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
