import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { makeRecoveryCode } from '../../client/index.ts';
import { DoorForm, Field, WhosePassword } from '../account/door.tsx';
import { forgetMade } from '../account/slots.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { copy } from '../parts/copy.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { useRoute } from '../router.ts';
import { t } from '../text/text.ts';
import './recovery-code.css';

interface Props {
  readonly name: string;
  /** The account was just made: then the server asks for no password. */
  readonly isFresh?: boolean;
  onMade?(): void;
  onClose(): void;
}

/** Makes a recovery code and shows it, this once, to copy, to keep as a file or to print. */
export function RecoveryCode({ name, isFresh = false, onMade, onClose }: Props) {
  const { slot } = useRoute();
  const { user } = useMessenger();
  const { wrong, act } = useAct();
  const [code, setCode] = useState<string | null>(null);
  const make = async (password?: string) => {
    setCode(await makeRecoveryCode({ slot, ...(password === undefined ? {} : { password }) }));
    forgetMade(user);
    onMade?.();
  };
  const asked = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once when it opens
  useEffect(() => {
    if (!isFresh || asked.current) return;
    asked.current = true;
    void act(() => make());
  }, []);
  return (
    <Dialog title={t('recoveryCode')} onClose={onClose}>
      <Wrong>{wrong}</Wrong>
      {code !== null && <Shown name={name} code={code} />}
      {code === null && (!isFresh || wrong !== '') && (
        <DoorForm action={t('makeRecovery')} onSubmit={(text) => make(text('password'))}>
          <WhosePassword name={name} />
          <Field name="password" type="password" label={t('password')} complete="current-password" />
        </DoorForm>
      )}
    </Dialog>
  );
}

function Shown({ name, code }: { name: string; code: string }) {
  const [copied, setCopied] = useState(false);
  const lines = [t('recoveryFor', { name, server: location.origin }), code, t('recoveryHint')];
  return (
    <>
      <p className="on-paper">{lines[0]}</p>
      <p className="code-shown">{code}</p>
      <p className="hint">{t('recoveryOnce')}</p>
      <div className="dialog-actions">
        <Button className="quiet-button" onPress={() => window.print()}>
          {t('print')}
        </Button>
        <Button className="quiet-button" onPress={() => keep(`${t('recoveryFile', { name })}.txt`, lines.join('\n\n'))}>
          {t('saveFile')}
        </Button>
        <Button autoFocus className="main-button" onPress={() => void copy(code).then(() => setCopied(true))}>
          {t(copied ? 'copied' : 'copyIt')}
        </Button>
      </div>
    </>
  );
}

function keep(file: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  link.download = file;
  link.click();
  URL.revokeObjectURL(link.href);
}
