import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { makeRecoveryCode } from '../../client/index.ts';
import { DoorForm, OldPasswordField, WhosePassword } from '../account/door.tsx';
import { forgetFresh, forgetMade } from '../account/slots.ts';
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
  /** It was copied, kept as a file or printed. */
  onKept?(): void;
  onClose(): void;
}

/** Makes a recovery code and shows it, this once, to copy, to keep as a file or to print. */
export function RecoveryCode({ name, isFresh = false, onKept, onClose }: Props) {
  const { slot } = useRoute();
  const { user } = useMessenger();
  const { wrong, act } = useAct();
  const [code, setCode] = useState<string | null>(null);
  const make = async (password?: string) => {
    setCode(await makeRecoveryCode({ slot, ...(password === undefined ? {} : { password }) }));
    forgetFresh(user);
  };
  const kept = () => {
    forgetMade(user);
    onKept?.();
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
      {code !== null && <Shown name={name} code={code} onKept={kept} />}
      {code === null && (!isFresh || wrong !== '') && (
        <DoorForm action={t('makeRecovery')} onSubmit={(text) => make(text('old'))}>
          <WhosePassword name={name} />
          <OldPasswordField label={t('password')} />
        </DoorForm>
      )}
    </Dialog>
  );
}

interface ShownProps {
  readonly name: string;
  readonly code: string;
  onKept(): void;
}

function Shown({ name, code, onKept }: ShownProps) {
  const [copied, setCopied] = useState(false);
  const lines = [t('recoveryFor', { name, server: location.origin }), code, t('recoveryHint')];
  const print = () => {
    window.print();
    onKept();
  };
  const save = () => {
    keep(`${t('recoveryFile', { name })}.txt`, lines.join('\n\n'));
    onKept();
  };
  const copyIt = async () => {
    await copy(code);
    setCopied(true);
    onKept();
  };
  return (
    <>
      <p className="on-paper">{lines[0]}</p>
      <p className="code-shown">{code}</p>
      <p className="hint">{t('recoveryOnce')}</p>
      <div className="dialog-actions">
        <Button className="quiet-button" onPress={print}>
          {t('print')}
        </Button>
        <Button className="quiet-button" onPress={save}>
          {t('saveFile')}
        </Button>
        <Button autoFocus className="main-button" onPress={() => void copyIt()}>
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
