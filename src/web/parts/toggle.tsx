import { Switch } from 'react-aria-components';

interface Props {
  readonly label: string;
  readonly on: boolean;
  onChange(on: boolean): void;
}

/** Something that is on or off, and is so at once. */
export function Toggle({ label, on, onChange }: Props) {
  return (
    <Switch className="switch" isSelected={on} onChange={onChange}>
      <span className="track" />
      {label}
    </Switch>
  );
}
