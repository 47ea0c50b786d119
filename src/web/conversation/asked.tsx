/** What is asked or told of one message in a dialog: where to forward it, whether to delete it, what it said before. */
import { useEffect, useState } from 'react';
import { Button, ListBox, ListBoxItem } from 'react-aria-components';
import type { ConversationView } from '../../client/views.ts';
import { attachedTo } from '../../core/attached.ts';
import type { MessageEntry } from '../../protocol/entities.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { ConversationAvatar } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Sure } from '../parts/sure.tsx';
import { say } from '../parts/toast.tsx';
import { titleOf } from '../text/people.ts';
import { t, why } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';
import { Body } from './body.tsx';
import { mayWrite } from './request.ts';
import { queued } from './told.ts';

interface Props {
  readonly view: ConversationView;
  readonly entry: MessageEntry;
  onClose(): void;
}

export function Forward({ view, entry, onClose }: Props) {
  const messenger = useMessenger();
  const { busy, wrong, act } = useAct();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const titles = useView((of) =>
    of
      .inbox()
      .conversations.filter(mayWrite)
      .map((one) => titleOf(of, one))
      .join('\n'),
  );
  const views = messenger.inbox().conversations.filter(mayWrite);
  const named = views.map((one, i) => ({ id: one.id, one, title: titles.split('\n')[i] ?? '' }));
  const forward = async () => {
    const forwarded = await act(async () => {
      // Words alone are in the outbox for all of them at once: what cuts it now does not leave some out.
      if (attachedTo(entry).length === 0) return void (await messenger.forwardMessage(view.id, entry.seq, [...chosen]));
      for (const id of chosen) {
        await messenger.forwardMessage(view.id, entry.seq, [id]);
        // What fails after it is tried again without it.
        setChosen((before) => new Set([...before].filter((one) => one !== id)));
      }
    });
    if (!forwarded) return;
    onClose();
    say(t('forwardedTo', { n: chosen.size }));
  };
  return (
    <Dialog title={t('forward')} onClose={onClose}>
      <p className="hint">{t('forwardHint')}</p>
      <ListBox
        className="people"
        aria-label={t('forwardWhere')}
        items={named}
        dependencies={[chosen]}
        selectionMode="multiple"
        selectedKeys={chosen}
        onSelectionChange={(keys) =>
          setChosen(new Set(keys === 'all' ? named.map(({ id }) => id) : [...keys].map(String)))
        }
      >
        {({ id, one, title }) => (
          <ListBoxItem id={id} className="person" textValue={title}>
            <ConversationAvatar view={one} size="header" />
            <span className="person-text">
              <span className="person-name one-line" dir="auto">
                {title}
              </span>
            </span>
          </ListBoxItem>
        )}
      </ListBox>
      <Wrong>{wrong}</Wrong>
      <div className="dialog-actions">
        <Button className="quiet-button" onPress={onClose}>
          {t('cancel')}
        </Button>
        <Button className="main-button" isDisabled={busy || chosen.size === 0} onPress={() => void forward()}>
          {t('forward')}
        </Button>
      </div>
    </Dialog>
  );
}

export function DeleteForAll({ view, entry, onClose }: Props) {
  const messenger = useMessenger();
  return (
    <Sure
      title={t('deleteForAll')}
      action={t('deleteForAll')}
      onAct={async () => queued(messenger.deleteMessage(view.id, entry.seq))}
      onClose={onClose}
    >
      {t('deleteSure')}
    </Sure>
  );
}

type Versions = Awaited<ReturnType<ReturnType<typeof useMessenger>['versions']>>;

export function History({ view, entry, onClose }: Props) {
  const messenger = useMessenger();
  const [versions, setVersions] = useState<Versions | null>(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    messenger.versions(view.id, entry.seq).then(setVersions, (error) => setWrong(why(error)));
  }, [messenger, view.id, entry.seq]);
  const now = Date.now();
  return (
    <Dialog title={t('history')} onClose={onClose}>
      <Wrong>{wrong}</Wrong>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <ol className="versions" tabIndex={0}>
        {[...(versions ?? [])].reverse().map(({ seq, at, body }) => (
          <li key={seq}>
            <time dateTime={new Date(at).toISOString()}>{dayAndTime(at, now)}</time>
            <Body text={body?.text ?? ''} meta={null} />
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
