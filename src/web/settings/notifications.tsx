import { useEffect, useState } from 'react';
import { Button, Switch } from 'react-aria-components';
import type { Messenger } from '../../client/index.ts';
import { NOTICE_SHOWS, type NoticeShows, settingKey } from '../../protocol/settings.ts';
import { useMessenger, useView } from '../messenger.tsx';
import { isOn, NotTurnedOn, type Possible, possible, turnOff, turnOn } from '../notify/device.ts';
import { useAct } from '../parts/act.ts';
import { Choices } from '../parts/choices.tsx';
import { Wrong } from '../parts/panel.tsx';
import { Toggle } from '../parts/toggle.tsx';
import { useRoute } from '../router.ts';
import { t, why } from '../text/text.ts';

type State = Possible | 'server';

const WHY_NOT = {
  http: 'notifyHttps',
  browser: 'notifyBrowser',
  'home-screen': 'notifyHomeScreen',
  blocked: 'notifyBlocked',
  server: 'notifyServer',
} as const satisfies Record<Exclude<State, 'yes'>, string>;
const SHOWS = { '': 'notifyShowsNothing', names: 'notifyShowsNames', words: 'notifyShowsWords' } as const;
const TOLD = {
  taken: 'notifyTaken',
  later: 'notifyLater',
  refused: 'notifyRefused',
  gone: 'notifyGone',
  none: 'notifyGone',
} as const;

/** The one place that says what plain http keeps from working. */
export function Notifications() {
  const messenger = useMessenger();
  const { slot } = useRoute();
  const isSetUp = useServerNotifies(messenger);
  const [state, setState] = useState<Possible>(possible);
  const [on, setOn] = useState(() => isOn(slot, messenger.user));
  const { busy, wrong, act } = useNotifying();
  const at: State = state === 'yes' && isSetUp === false ? 'server' : state;
  const change = async (next: boolean) => {
    await act(() => (next ? turnOn(messenger, slot) : turnOff(messenger, slot)));
    setState(possible());
    setOn(isOn(slot, messenger.user));
  };
  return (
    <>
      <section className="panel-group">
        <Switch
          className="switch"
          isSelected={on}
          isDisabled={busy || (at !== 'yes' && !on)}
          onChange={(next) => void change(next)}
          aria-describedby="notify-hint"
        >
          <span className="track" />
          {t('notifyHere')}
        </Switch>
        <p className="hint" id="notify-hint">
          {at === 'yes' ? t(on ? 'notifyOn' : 'notifyOff') : t(WHY_NOT[at], { host: location.host })}
        </p>
        <Wrong>{wrong}</Wrong>
        {on && <Test messenger={messenger} />}
      </section>
      <What />
      <section className="panel-group">
        <p className="hint">{t('notifyTitle')}</p>
      </section>
    </>
  );
}

/** Null while it is not known. */
function useServerNotifies(messenger: Messenger): boolean | null {
  const [notifies, setNotifies] = useState<boolean | null>(null);
  const online = useView((messenger) => messenger.status().state === 'online');
  useEffect(() => {
    if (online)
      messenger.notifications().then(
        ({ key }) => setNotifies(key !== null),
        () => {},
      );
  }, [messenger, online]);
  return notifies;
}

/** As `useAct`, also with the browser's answers in words. */
function useNotifying() {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const act = async (run: () => Promise<void>) => {
    setBusy(true);
    setWrong('');
    await run().catch((error) => setWrong(error instanceof NotTurnedOn ? t(NOT_TURNED_ON[error.why]) : why(error)));
    setBusy(false);
  };
  return { busy, wrong, act };
}

const NOT_TURNED_ON = { asked: 'notifyNotAllowed', service: 'notifyService', server: 'notifyServer' } as const;

function Test({ messenger }: { messenger: Messenger }) {
  const [told, setTold] = useState('');
  const { busy, wrong, act } = useAct();
  const test = () => {
    setTold('');
    void act(async () => {
      const { outcome, status } = await messenger.testNotification();
      setTold(t(TOLD[outcome], { status: status ?? 'none' }));
    });
  };
  return (
    <>
      <Button className="quiet-button" isDisabled={busy} onPress={test}>
        {t('notifyTest')}
      </Button>
      <p className="hint" role="status">
        {told}
      </p>
      <Wrong>{wrong}</Wrong>
    </>
  );
}

/** The same on all devices. */
function What() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const shows = useView((messenger) => messenger.setting(settingKey.noticeShows) as NoticeShows);
  const mentions = useView((messenger) => messenger.setting(settingKey.noticeMentions) === '1');
  const set = (key: string, value: string) => void act(() => messenger.set(key, value));
  return (
    <section className="panel-group">
      <Choices
        label={t('notifyShows')}
        all={NOTICE_SHOWS}
        chosen={shows}
        onChoose={(next) => set(settingKey.noticeShows, next)}
      >
        {(one) => t(SHOWS[one])}
      </Choices>
      <p className="hint">{t('notifyShowsHint')}</p>
      <Toggle
        label={t('notifyMentions')}
        on={mentions}
        onChange={(next) => set(settingKey.noticeMentions, next ? '1' : '')}
      />
      <Wrong>{wrong}</Wrong>
    </section>
  );
}
