/** The frame of every way in: the mark, the server's name, and one column. */

import { Eye, EyeOff } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, FieldError, FormValidationContext, Input, Label, Text, TextField } from 'react-aria-components';
import { codeOf } from '../../client/failed.ts';
import { lookAtServer, RequestFailed, type ServerView } from '../../client/index.ts';
import { isStrong, userNameOf } from '../../core/credentials.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { useTouch } from '../parts/media.ts';
import { listed } from '../text/list.ts';
import { sentenceOf, t, why } from '../text/text.ts';
import { Wordmark } from './wordmark.tsx';
import './door.css';

interface DoorProps {
  /** The server's, once it has one. */
  readonly name: string;
  readonly title: string;
  readonly children: ReactNode;
}

export function Door({ name, title, children }: DoorProps) {
  return (
    <main className="door">
      <Wordmark as="p" />
      <h1 dir="auto">{name}</h1>
      <h2>{title}</h2>
      {children}
    </main>
  );
}

/** What is asked of the server before anybody is in; asked again by `retry`. */
export function useLook<T>(look: () => Promise<T>) {
  const [state, setState] = useState<{ view?: T; wrong?: unknown }>({});
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each try
  useEffect(() => {
    let gone = false;
    const show = (next: typeof state) => gone || setState(next);
    look().then(
      (view) => show({ view }),
      (wrong: unknown) => show({ wrong }),
    );
    return () => {
      gone = true;
    };
  }, [tries]);
  return { ...state, retry: () => setTries(tries + 1) };
}

export const useServer = (slot: number) => useLook<ServerView>(() => lookAtServer({ slot }));

interface DoorFormProps {
  readonly action: string;
  readonly children: ReactNode;
  onSubmit(text: (name: string) => string): Promise<void>;
}

/** At which field a refusal is said, the first of them that is there; others are said below all of them. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  name_taken: ['name'],
  bad_name: ['name'],
  weak_password: ['new', 'password'],
  wrong_password: ['old'],
};

function sayWhy(error: unknown, name: string, field: string | undefined): string {
  if (field === 'old') return t('notYourPassword');
  if (!(error instanceof RequestFailed) || error.code !== 'name_taken') return why(error);
  return t('nameTaken', { name, n: error.names.length, free: listed(error.names) });
}

/**
 * A refusal is said at its field, which then has the focus, or below all of them, where a wait counts down. The button
 * keeps the focus while the server is asked. The first field has it at first, where that opens no keyboard on glass.
 */
export function DoorForm({ action, children, onSubmit }: DoorFormProps) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const [atField, setAtField] = useState<Record<string, string>>({});
  const [waitMs, setWaitMs] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const touch = useTouch();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the form comes
  useEffect(() => {
    const first = touch ? null : form.current?.querySelector<HTMLInputElement>('input:not([hidden])');
    first?.focus();
    // As where one comes to it by Tab: what is written there by itself is written over.
    first?.select();
  }, []);
  useEffect(() => {
    if (Object.keys(atField).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [atField]);
  const submit = async (data: FormData) => {
    setBusy(true);
    setWrong('');
    setAtField({});
    try {
      await onSubmit((name) => String(data.get(name) ?? ''));
    } catch (error) {
      const field = FIELDS[codeOf(error)]?.find((one) => data.has(one));
      const said = sayWhy(error, String(data.get('name') ?? '').trim(), field);
      if (field !== undefined) setAtField({ [field]: said });
      else setWrong(said);
      setWaitMs(error instanceof RequestFailed && error.code === 'too_many_tries' ? error.retryAfterMs : 0);
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      onInput={({ target }) => {
        // Not only once the field is left: what is below would move away from under the pointer.
        const { [(target as HTMLInputElement).name]: said, ...others } = atField;
        if (said !== undefined) setAtField(others);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit(new FormData(event.currentTarget));
      }}
    >
      <FormValidationContext value={atField}>{children}</FormValidationContext>
      <p className="wrong" role="alert">
        {waitMs === 0 ? wrong : <Again key={waitMs} waitMs={waitMs} />}
      </p>
      <Button className="main-button" type="submit" data-busy={busy || undefined}>
        {action}
      </Button>
    </form>
  );
}

/** Counts down to when it may be tried again. */
function Again({ waitMs }: { waitMs: number }) {
  const [seconds, setSeconds] = useState(Math.ceil(waitMs / 1_000));
  useEffect(() => {
    const timer = setInterval(() => setSeconds((left) => Math.max(0, left - 1)), 1_000);
    return () => clearInterval(timer);
  }, []);
  return seconds > 0 ? t('tooManyTries', { n: seconds }) : t('tryNow');
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly complete: string;
  readonly type?: string;
  readonly value?: string;
  readonly required?: boolean;
  /** What people read: a keyboard on glass begins its words with capitals. */
  readonly words?: boolean;
  /** What is wrong with it as far as that is known here, before the server is asked; null for nothing. */
  check?(written: string): string | null;
}

export function Field({
  name,
  label,
  hint = '',
  complete,
  type = 'text',
  value = '',
  required = true,
  words = false,
  check,
}: FieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      className="field"
      name={name}
      type={shown ? 'text' : type}
      validate={(written) => (check === undefined || written === '' ? null : check(written))}
      defaultValue={value}
      isRequired={required}
      autoComplete={complete}
    >
      <Label>{label}</Label>
      <div className="field-line">
        <Input autoCapitalize={words ? 'words' : 'none'} spellCheck="false" />
        {type === 'password' && (
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={t('showPassword')}
            aria-pressed={shown}
            onPress={() => setShown(!shown)}
          />
        )}
      </div>
      {hint && <Text slot="description">{hint}</Text>}
      <FieldError className="wrong">
        {({ validationDetails, validationErrors }) =>
          validationDetails.valueMissing ? t('required') : validationErrors.join(' ')
        }
      </FieldError>
    </TextField>
  );
}

const noName = (written: string) => (userNameOf(written.trim()) === null ? sentenceOf('bad_name') : null);
const weak = (written: string) => (isStrong(written) ? null : sentenceOf('weak_password'));

/** Tells a password manager whose password it is, where nobody is asked for the name. */
export function WhosePassword({ name }: { name: string }) {
  return <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />;
}

/** Asked of somebody who is signed in. */
export function OldPasswordField({ label }: { label: string }) {
  return <Field name="old" type="password" label={label} complete="current-password" />;
}

/** For an account that is there already. */
export function NewPasswordField({ name }: { name: string }) {
  return (
    <Field
      name={name}
      type="password"
      label={t('newPassword')}
      hint={t('newPasswordHint')}
      complete="new-password"
      check={weak}
    />
  );
}

/** Who a new account is for. */
export function NewAccountFields() {
  return (
    <>
      <Field
        name="displayName"
        label={t('displayName')}
        hint={t('displayNameHint')}
        complete="name"
        required={false}
        words
      />
      <Field name="name" label={t('name')} hint={t('nameHint')} complete="username" check={noName} />
      <Field
        name="password"
        type="password"
        label={t('password')}
        hint={t('passwordHint')}
        complete="new-password"
        check={weak}
      />
    </>
  );
}

export function newAccount(text: (name: string) => string) {
  return { name: text('name').trim(), password: text('password'), displayName: text('displayName') };
}
