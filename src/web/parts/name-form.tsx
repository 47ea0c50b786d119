import { type ReactNode, useEffect, useRef, useState } from 'react';
import { FieldError, Form, Input, Label, TextField } from 'react-aria-components';
import { codeOf } from '../../client/failed.ts';
import { t, why } from '../text/text.ts';
import { useAct } from './act.ts';
import { Wrong } from './panel.tsx';

const FIELD = 'name';

/** What another name mends. */
const OF_NAMES: ReadonlySet<string> = new Set(['too_long', 'empty', 'bad_name']);

interface Props {
  readonly label: string;
  /** As it is now. */
  readonly name: string;
  readonly complete?: string;
  readonly maxLength?: number;
  readonly autoFocus?: boolean;
  /** What saves it, told whether something would be saved and whether it is being saved. */
  children(changed: boolean, busy: boolean): ReactNode;
  onSave(name: string): Promise<unknown>;
}

/**
 * One name that is changed. What is wrong with it is said at the field, which then has the focus, until something else is
 * written; what else kept it from being changed is said below, and the same may be tried again.
 */
export function NameForm({ label, name, complete, maxLength, autoFocus = false, children, onSave }: Props) {
  const [isOfName, setIsOfName] = useState(false);
  const { busy, wrong, act, forget } = useAct((error) => {
    setIsOfName(OF_NAMES.has(codeOf(error)));
    return whyNoName(error);
  });
  const atField = isOfName ? wrong : '';
  const [text, setText] = useState(name);
  const form = useRef<HTMLFormElement>(null);
  const changed = text.trim() !== name;
  useEffect(() => {
    if (atField !== '') form.current?.querySelector('input')?.focus();
  }, [atField]);
  return (
    <Form
      ref={form}
      className="panel-group"
      validationErrors={atField === '' ? {} : { [FIELD]: atField }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void act(() => onSave(text.trim()));
      }}
    >
      <TextField
        className="field"
        name={FIELD}
        value={text}
        onChange={(written) => {
          setText(written);
          forget();
        }}
        validate={isBlank}
        maxLength={maxLength}
        autoFocus={autoFocus}
        isRequired
      >
        <Label>{label}</Label>
        <Input dir="auto" autoComplete={complete} autoCapitalize="words" />
        <FieldError className="wrong">
          {({ validationDetails, validationErrors }) =>
            validationDetails.valueMissing ? t('required') : validationErrors.join(' ')
          }
        </FieldError>
      </TextField>
      {!isOfName && <Wrong>{wrong}</Wrong>}
      {children(changed, busy)}
    </Form>
  );
}

export const whyNoName = (error: unknown) => (codeOf(error) === 'too_long' ? t('nameTooLong') : why(error));

/** Written, but nothing that could be read. */
export const isBlank = (text: string) => (text !== '' && text.trim() === '' ? t('required') : null);
