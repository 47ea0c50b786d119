import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, FieldError, Form, Input, Label, TextField } from 'react-aria-components';
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
  /** What saves it, told whether it is being saved; left out, a button as soon as there is something to save. */
  children?(busy: boolean): ReactNode;
  onSave(name: string): Promise<unknown>;
}

/**
 * What is wrong with a name is said at its field, which then has the focus, until something else is written; what else
 * kept it from being taken is said below, and the same may be tried again.
 */
export function useNameAct() {
  const [isOfName, setIsOfName] = useState(false);
  const { busy, wrong, act, forget } = useAct((error) => {
    setIsOfName(OF_NAMES.has(codeOf(error)));
    return codeOf(error) === 'too_long' ? t('nameTooLong') : why(error);
  });
  const atField = isOfName ? wrong : '';
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (atField !== '') form.current?.querySelector<HTMLInputElement>(`input[name=${FIELD}]`)?.focus();
  }, [atField]);
  const validationErrors: Record<string, string> = atField === '' ? {} : { [FIELD]: atField };
  return { busy, act, forget, form: { ref: form, validationErrors }, below: isOfName ? '' : wrong };
}

interface FieldProps extends Pick<Props, 'label' | 'complete' | 'maxLength' | 'autoFocus'> {
  readonly text: string;
  onWrite(text: string): void;
}

/** Inside of a form that has the errors of `useNameAct`. */
export function NameField({ label, text, complete, maxLength, autoFocus = false, onWrite }: FieldProps) {
  return (
    <TextField
      className="field"
      name={FIELD}
      value={text}
      onChange={onWrite}
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
  );
}

/** One name that is changed. */
export function NameForm({ label, name, complete, maxLength, autoFocus, children, onSave }: Props) {
  const { busy, act, forget, form, below } = useNameAct();
  const [text, setText] = useState(name);
  const changed = text.trim() !== name;
  const write = (written: string) => {
    setText(written);
    forget();
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void act(() => onSave(text.trim()));
  };
  return (
    <Form className="panel-group" {...form} onSubmit={save}>
      <NameField {...{ label, text, complete, maxLength, autoFocus }} onWrite={write} />
      <Wrong>{below}</Wrong>
      {children
        ? children(busy)
        : changed && (
            <Button className="main-button" type="submit" isDisabled={busy}>
              {t('save')}
            </Button>
          )}
    </Form>
  );
}

/** Written, but nothing that could be read. */
const isBlank = (text: string) => (text !== '' && text.trim() === '' ? t('required') : null);
