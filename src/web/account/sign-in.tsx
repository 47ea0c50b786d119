import { useEffect, useState } from 'react';
import { Button, FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { RequestFailed } from '../../client/index.ts';
import { Link } from '../parts/link.tsx';
import { t, why } from '../text/text.ts';
import type { Answers } from './session.ts';
import './sign-in.css';

interface Props {
  /** Whether an account is to be made. */
  readonly fresh: boolean;
  onAnswers(answers: Answers): Promise<void>;
}

export function SignIn({ fresh, onAnswers }: Props) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const [waitMs, setWaitMs] = useState(0);
  const submit = async (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '');
    setBusy(true);
    setWrong('');
    try {
      const who = { name: text('name').trim(), password: text('password') };
      await onAnswers(fresh ? { ...who, displayName: text('displayName') } : who);
    } catch (error) {
      setWrong(why(error));
      setWaitMs(error instanceof RequestFailed && error.code === 'too_many_tries' ? error.retryAfterMs : 0);
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <h1>
        <img src={new URL('../mark.svg', import.meta.url).href} alt="" width="32" height="32" />
        {t('app')}
      </h1>
      <h2>{fresh ? t('signUpTitle') : t('signInTitle')}</h2>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <Field name="name" label={t('name')} hint={fresh ? t('nameHint') : ''} complete="username" />
        <Field
          name="password"
          type="password"
          label={t('password')}
          hint={fresh ? t('passwordHint') : ''}
          complete={fresh ? 'new-password' : 'current-password'}
        />
        {fresh && (
          <Field
            name="displayName"
            label={t('displayName')}
            hint={t('displayNameHint')}
            complete="name"
            required={false}
          />
        )}
        <p className="wrong" role="alert">
          {waitMs === 0 ? wrong : <Again key={waitMs} waitMs={waitMs} />}
        </p>
        <Button className="main-button" type="submit" isDisabled={busy}>
          {fresh ? t('signUp') : t('signIn')}
        </Button>
      </Form>
      <p className="other-way">
        {fresh ? t('haveAccount') : t('noAccount')}{' '}
        <Link to={{ at: fresh ? 'sign-in' : 'sign-up' }}>{fresh ? t('signIn') : t('signUp')}</Link>
      </p>
    </main>
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
  readonly hint: string;
  readonly complete: string;
  readonly type?: string;
  readonly required?: boolean;
}

function Field({ name, label, hint, complete, type = 'text', required = true }: FieldProps) {
  return (
    <TextField className="field" name={name} type={type} isRequired={required} autoComplete={complete}>
      <Label>{label}</Label>
      <Input autoCapitalize="none" spellCheck="false" />
      {hint && <Text slot="description">{hint}</Text>}
      <FieldError className="wrong">{t('required')}</FieldError>
    </TextField>
  );
}
