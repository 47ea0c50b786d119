import { Button } from 'react-aria-components';
import type { ConversationView } from '../../client/views.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { NameForm } from '../parts/name-form.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Sure } from '../parts/sure.tsx';
import { ChosenPeople, useChosen } from '../people/chosen.tsx';
import { PeoplePicker } from '../people/picker.tsx';
import { t } from '../text/text.ts';

interface Props {
  readonly view: ConversationView;
  onClose(): void;
}

export function RenameGroup({ view, onClose }: Props) {
  const messenger = useMessenger();
  const save = async (title: string) => {
    await messenger.rename(view.id, title);
    onClose();
  };
  return (
    <Dialog title={t('rename')} onClose={onClose}>
      <NameForm label={t('groupName')} name={view.title} onSave={save} autoFocus>
        {(busy) => <Actions busy={busy} label={t('save')} onClose={onClose} />}
      </NameForm>
    </Dialog>
  );
}

interface AddProps {
  readonly members: ReadonlySet<string>;
  onAdd(users: readonly string[]): Promise<void>;
  onClose(): void;
}

export function AddPeople({ members, onAdd, onClose }: AddProps) {
  const { busy, wrong, act } = useAct();
  const { chosen, users, toggle } = useChosen();
  const add = async () => {
    if (await act(() => onAdd([...users]))) onClose();
  };
  return (
    <Dialog title={t('addPeople')} onClose={onClose}>
      <ChosenPeople chosen={chosen} onRemove={toggle} />
      <PeoplePicker except={members} chosen={users} onChoose={toggle} />
      <Wrong>{wrong}</Wrong>
      <div className="dialog-actions">
        <Button className="quiet-button" onPress={onClose}>
          {t('cancel')}
        </Button>
        <Button className="main-button" isDisabled={busy || users.size === 0} onPress={() => void add()}>
          {t('add', { n: users.size })}
        </Button>
      </div>
    </Dialog>
  );
}

export function LeaveGroup({ view, onClose }: Props) {
  const messenger = useMessenger();
  return (
    <Sure title={t('leave')} action={t('leave')} onAct={() => messenger.leave(view.id)} onClose={onClose}>
      {t('leaveSure')}
    </Sure>
  );
}

function Actions({ busy, label, onClose }: { busy: boolean; label: string; onClose(): void }) {
  return (
    <div className="dialog-actions">
      <Button className="quiet-button" onPress={onClose}>
        {t('cancel')}
      </Button>
      <Button className="main-button" type="submit" isDisabled={busy}>
        {label}
      </Button>
    </div>
  );
}
