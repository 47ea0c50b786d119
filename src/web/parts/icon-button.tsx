import type { LucideIcon } from 'lucide-react';
import { memo, type RefAttributes, useCallback, useRef } from 'react';
import { Button, type ButtonProps, type PressEvent } from 'react-aria-components';

interface Props extends Omit<ButtonProps, 'children' | 'aria-label'>, RefAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  readonly label: string;
}

/** Drawn anew only when it looks or behaves otherwise: another function to call is neither. */
export function IconButton({ onPress, ...rest }: Props) {
  const latest = useRef(onPress);
  latest.current = onPress;
  const press = useCallback((event: PressEvent) => latest.current?.(event), []);
  return <Drawn {...rest} onPress={press} />;
}

const Drawn = memo(function Drawn({ icon: Icon, label, ...rest }: Props) {
  return (
    <Button className="icon-button" {...rest} aria-label={label}>
      <Icon aria-hidden="true" size={20} strokeWidth={1.75} />
    </Button>
  );
});
