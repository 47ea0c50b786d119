import { useState } from 'react';
import { Button, Form, Label, Radio, RadioGroup } from 'react-aria-components';
import type { InvitedRole } from '../../client/index.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Share } from '../parts/share.tsx';
import { t } from '../text/text.ts';

interface Props {
  /** To a group; null: to the server. */
  readonly conversation: string | null;
  readonly title: string;
  onMade?(): void;
  onClose(): void;
}

const HOURS = [24, 168, 720] as const;
const USES = [1, 10, 100] as const;

/** Makes an invitation and shows its link, this once. */
export function Invite({ conversation, title, onMade, onClose }: Props) {
  const messenger = useMessenger();
  const manages = useView(() => isManager(messenger.profile(messenger.user)?.role));
  const { busy, wrong, act } = useAct();
  const [code, setCode] = useState<string | null>(null);
  const make = (data: FormData) =>
    act(async () => {
      const role: InvitedRole = data.get('role') === 'admin' ? 'admin' : 'person';
      const made = await messenger.invite({
        conversation,
        role,
        uses: Number(data.get('uses')),
        hours: Number(data.get('hours')),
      });
      setCode(made.code);
      onMade?.();
    });
  return (
    <Dialog title={title} onClose={onClose}>
      {code !== null ? (
        <>
          <Share path={`/join/${code}`} />
          <p className="hint">{t('linkOnce')}</p>
        </>
      ) : (
        <Form
          className="invite"
          onSubmit={(event) => {
            event.preventDefault();
            void make(new FormData(event.currentTarget));
          }}
        >
          <Choice name="uses" label={t('forHowMany')} all={USES} first={USES[0]}>
            {(n) => t('somePeople', { n })}
          </Choice>
          <Choice name="hours" label={t('forHowLong')} all={HOURS} first={HOURS[1]}>
            {(hours) => t('days', { n: hours / 24 })}
          </Choice>
          {manages && conversation === null && (
            <Choice name="role" label={t('asWhat')} all={['person', 'admin']} first="person">
              {(role) => t('serverRole', { role })}
            </Choice>
          )}
          <Wrong>{wrong}</Wrong>
          <div className="dialog-actions">
            <Button className="main-button" type="submit" isDisabled={busy}>
              {t('makeLink')}
            </Button>
          </div>
        </Form>
      )}
    </Dialog>
  );
}

export const isManager = (role: string | undefined) => role === 'owner' || role === 'admin';

interface ChoiceProps<T> {
  readonly name: string;
  readonly label: string;
  readonly all: readonly T[];
  readonly first: T;
  children(one: T): string;
}

function Choice<T extends string | number>({ name, label, all, first, children }: ChoiceProps<T>) {
  return (
    <RadioGroup className="choices" name={name} defaultValue={String(first)} orientation="horizontal">
      <Label className="label">{label}</Label>
      <div className="choices-row">
        {all.map((one) => (
          <Radio key={one} className="choice" value={String(one)}>
            {children(one)}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
