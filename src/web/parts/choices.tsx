import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import './panel.css';

interface Props<T> {
  readonly label: string;
  readonly all: readonly T[];
  readonly chosen: T;
  onChoose(one: T): void;
  /** What one of them is called. */
  children(one: T): ReactNode;
}

/** One of a few, all in sight. */
export function Choices<T extends string | number>({ label, all, chosen, onChoose, children }: Props<T>) {
  const choose = (value: string) => {
    const one = all.find((other) => String(other) === value);
    if (one !== undefined) onChoose(one);
  };
  return (
    <RadioGroup className="choices" value={String(chosen)} onChange={choose}>
      <Label className="label">{label}</Label>
      {all.map((one) => (
        <Radio key={one} className="choice" value={String(one)}>
          {children(one)}
        </Radio>
      ))}
    </RadioGroup>
  );
}
