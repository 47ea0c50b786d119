import type { ServerView } from '../../client/index.ts';
import { Link } from '../parts/link.tsx';
import { t } from '../text/text.ts';
import { Door, DoorForm, Field, NewAccountFields, NewPasswordField, newAccount } from './door.tsx';
import type { Answers } from './session.ts';

interface Props {
  readonly server: ServerView;
  onAnswers(answers: Answers): Promise<void>;
}

export function SignIn({ server, onAnswers }: Props) {
  const asked = server.owner ?? t('whoRunsIt');
  return (
    <Door name={server.name} title={t('signInTitle')}>
      <DoorForm
        action={t('signIn')}
        onSubmit={(text) => onAnswers({ name: text('name').trim(), password: text('password') })}
      >
        <Field name="name" label={t('name')} complete="username" />
        <Field name="password" type="password" label={t('password')} complete="current-password" />
      </DoorForm>
      <details className="forgot">
        <summary>{t('forgot')}</summary>
        <p>
          <Link to={{ at: 'recover' }}>{t('useRecovery')}</Link>
        </p>
        <p>{t('forgotHow', { owner: asked })}</p>
      </details>
      <p className="other-way">
        {server.join === 'anyone' ? (
          <>
            {t('noAccount')} <Link to={{ at: 'sign-up' }}>{t('signUp')}</Link>
          </>
        ) : (
          t('byInvitation', { owner: asked })
        )}
      </p>
    </Door>
  );
}

export function SignUp({ server, onAnswers }: Props) {
  return (
    <Door name={server.name} title={t('signUpTitle')}>
      <DoorForm action={t('signUp')} onSubmit={(text) => onAnswers(newAccount(text))}>
        <NewAccountFields />
      </DoorForm>
      <p className="other-way">
        {t('haveAccount')} <Link to={{ at: 'sign-in' }}>{t('signIn')}</Link>
      </p>
    </Door>
  );
}

interface RecoverProps {
  readonly server: ServerView;
  onRecover(who: { name: string; code: string; password: string }): Promise<void>;
}

export function Recover({ server, onRecover }: RecoverProps) {
  return (
    <Door name={server.name} title={t('recoverTitle')}>
      <DoorForm
        action={t('signIn')}
        onSubmit={(text) =>
          onRecover({ name: text('name').trim(), code: text('code').trim(), password: text('password') })
        }
      >
        <Field name="name" label={t('name')} complete="username" />
        <Field name="code" label={t('recoveryCode')} complete="off" />
        <NewPasswordField name="password" />
      </DoorForm>
      <p className="other-way">
        <Link to={{ at: 'sign-in' }}>{t('back')}</Link>
      </p>
    </Door>
  );
}
