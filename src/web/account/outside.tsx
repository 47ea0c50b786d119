import { useLayoutEffect } from 'react';
import { later } from '../parts/later.tsx';
import { useRoute } from '../router.ts';
import { t, why } from '../text/text.ts';
import { Again } from './again.tsx';
import { useServer } from './door.tsx';
import { Notice } from './notice.tsx';
import type { Answers } from './session.ts';
import { Recover, SignIn, SignUp } from './sign-in.tsx';

const SetUp = later(async () => (await import('./set-up.tsx')).SetUp);

interface Ways {
  onAnswers(answers: Answers): Promise<void>;
  onRecover(who: { name: string; code: string; password: string }): Promise<void>;
}

/** A server that nobody owns yet is set up first, where this page may do that. */
export function Outside({ onAnswers, onRecover }: Ways) {
  const { slot, screen } = useRoute();
  const { view: server, wrong, retry } = useServer(slot);
  // Until the server has answered, what stands here is the shape of a door.
  useLayoutEffect(() => document.documentElement.removeAttribute('data-opening'), []);
  if (wrong !== undefined) return <Notice action={<Again onPress={retry}>{t('retry')}</Again>}>{why(wrong)}</Notice>;
  if (!server) return null;
  if (screen.at === 'sign-up') return <SignUp key="sign-up" server={server} onAnswers={onAnswers} />;
  if (screen.at === 'recover') return <Recover server={server} onRecover={onRecover} />;
  const Way = server.mayOwn ? SetUp : SignIn;
  return <Way server={server} onAnswers={onAnswers} />;
}
