import { useCallback, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Device } from '../../protocol/entities.ts';
import { useMessenger } from '../messenger.tsx';
import { useAct } from '../parts/act.ts';
import { Wrong } from '../parts/panel.tsx';
import { t } from '../text/text.ts';
import { dayAndTime } from '../text/time.ts';
import { AddDevice } from './add-device.tsx';

/** Where one is signed in; each of the others can be signed out from here. */
export function Devices() {
  const messenger = useMessenger();
  const { wrong, act } = useAct();
  const [devices, setDevices] = useState<readonly Device[]>([]);
  const [adding, setAdding] = useState(false);
  const load = useCallback(async () => setDevices(await messenger.devices()), [messenger]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and after each sign-out
  useEffect(() => void act(load), [load]);
  const revoke = (device: string) =>
    act(async () => {
      await messenger.revokeDevice(device);
      await load();
    });
  return (
    <section className="panel-group">
      <h2 className="unseen" id="devices">
        {t('devices')}
      </h2>
      <Button className="quiet-button" onPress={() => setAdding(true)}>
        {t('addDevice')}
      </Button>
      <Wrong>{wrong}</Wrong>
      <ul className="people" aria-labelledby="devices">
        {[...devices]
          .sort((a, b) => Number(b.current) - Number(a.current) || b.usedAt - a.usedAt)
          .map((device) => (
            <DeviceRow key={device.id} device={device} onRevoke={() => void revoke(device.id)} />
          ))}
      </ul>
      {adding && (
        <AddDevice
          onClose={() => {
            setAdding(false);
            void act(load);
          }}
        />
      )}
    </section>
  );
}

function DeviceRow({ device, onRevoke }: { device: Device; onRevoke(): void }) {
  const { name, current, online, usedAt } = device;
  const second = online ? t('deviceOnline') : t('deviceUsed', { at: dayAndTime(usedAt, Date.now()) });
  return (
    <li className="person">
      <span className="person-text">
        <span className="person-name one-line" dir="auto">
          {name}
        </span>
        <span className="person-second">{current ? t('thisDevice') : second}</span>
      </span>
      {!current && (
        <Button className="text-button" aria-label={t('signOutDeviceOf', { name })} onPress={onRevoke}>
          {t('signOutDevice')}
        </Button>
      )}
    </li>
  );
}
