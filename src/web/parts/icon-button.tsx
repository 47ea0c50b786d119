import type { LucideIcon } from 'lucide-react';
import type { RefAttributes } from 'react';
import { Button, type ButtonProps } from 'react-aria-components';

interface Props extends Omit<ButtonProps, 'children' | 'aria-label'>, RefAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  readonly label: string;
}

export function IconButton({ icon: Icon, label, ...rest }: Props) {
  return (
    <Button className="icon-button" {...rest} aria-label={label}>
      <Icon aria-hidden="true" size={20} strokeWidth={1.75} />
    </Button>
  );
}
