import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, type MenuItemProps, Popover, type PopoverProps } from 'react-aria-components';

interface Props extends Omit<PopoverProps, 'children' | 'className'> {
  readonly children: ReactNode;
  /** Where it hangs on no button that names it. */
  readonly label?: string;
  onClose?(): void;
}

/** Things to do, one below the other: inside a `MenuTrigger`, or opened by whoever shows it. */
export function Menu({ children, label, onClose, ...popover }: Props) {
  const named = label === undefined ? {} : { 'aria-label': label };
  return (
    <Popover className="menu" placement="bottom end" {...named} {...popover}>
      <AriaMenu {...named} {...(label === undefined ? {} : { autoFocus: 'first' })} {...(onClose ? { onClose } : {})}>
        {children}
      </AriaMenu>
    </Popover>
  );
}

interface ItemProps extends Omit<MenuItemProps, 'children' | 'className'> {
  readonly children: ReactNode;
  readonly icon?: LucideIcon;
  readonly isDanger?: boolean;
}

/** Is found by its first letters, too. */
export function Item({ children, icon: Icon, isDanger = false, ...rest }: ItemProps) {
  const named = typeof children === 'string' ? { textValue: children } : {};
  return (
    <MenuItem className="menu-item" data-danger={isDanger || undefined} {...named} {...rest}>
      {Icon && <Icon size={20} strokeWidth={1.75} aria-hidden="true" />}
      {children}
    </MenuItem>
  );
}
