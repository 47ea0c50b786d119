/** Telling those who run the server of somebody, or of a message of theirs. */
import { useState } from 'react';
import { Button, Form, Label, TextArea, TextField } from 'react-aria-components';
import type { MessageEntry } from '../../protocol/entities.ts';
import { REPORT_COMMENT_MAX } from '../../protocol/limits.ts';
import type { Reason } from '../../protocol/reports.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Choices } from '../parts/choices.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { say } from '../parts/toast.tsx';
import { Toggle } from '../parts/toggle.tsx';
import { nameOf } from '../text/people.ts';
import '../text/safety.ts';
import { t } from '../text/text.ts';
import { REASON_NAMES, REASONS } from './reasons.ts';

interface Props {
  readonly user: string;
  readonly message?: { readonly conversation: string; readonly entry: MessageEntry };
  onClose(): void;
}

export function ReportDialog({ user, message, onClose }: Props) {
  const messenger = useMessenger();
  const name = useView((messenger) => nameOf(messenger, user));
  const blocked = useView((messenger) => messenger.blocked().has(user));
  const { busy, wrong, act } = useAct();
  const [reason, setReason] = useState<Reason>('spam');
  const [comment, setComment] = useState('');
  const [copy, setCopy] = useState(false);
  const [blockToo, setBlockToo] = useState(false);
  const report = async () => {
    const told = message && { conversation: message.conversation, seq: message.entry.seq, copy };
    const done = await act(async () => {
      await messenger.report(user, reason, { comment, ...(told && { message: told }) });
      if (blockToo) await messenger.block(user);
    });
    if (!done) return;
    onClose();
    say(t('reportedToast'));
  };
  return (
    <Dialog title={message ? t('reportMessageTitle') : t('reportTitle', { name })} onClose={onClose}>
      <Form
        className="panel-group"
        onSubmit={(event) => {
          event.preventDefault();
          void report();
        }}
      >
        <p className="hint">{t('reportHint', { name })}</p>
        <Choices<Reason> label={t('reportWhy')} all={REASONS} chosen={reason} onChoose={setReason}>
          {(one) => t(REASON_NAMES[one])}
        </Choices>
        <TextField className="field" value={comment} onChange={setComment} maxLength={REPORT_COMMENT_MAX}>
          <Label>{t('reportComment')}</Label>
          <TextArea dir="auto" rows={2} />
        </TextField>
        {message && (
          <>
            <Toggle label={t('reportCopy')} on={copy} onChange={setCopy} />
            <p className="hint">{t(copy ? 'reportCopyHint' : 'reportNoCopyHint')}</p>
          </>
        )}
        {!blocked && <Toggle label={t('reportBlockToo', { name })} on={blockToo} onChange={setBlockToo} />}
        <Wrong>{wrong}</Wrong>
        <div className="dialog-actions">
          <Button className="quiet-button" onPress={onClose}>
            {t('cancel')}
          </Button>
          <Button className="main-button" type="submit" isDisabled={busy}>
            {t('report')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
