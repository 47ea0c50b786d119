import {
  Bell,
  ChevronRight,
  HardDrive,
  Keyboard,
  Lock,
  MonitorSmartphone,
  Palette,
  Scale,
  Server,
  UserRound,
} from 'lucide-react';
import { Link } from '../parts/link.tsx';
import { useTouch } from '../parts/media.ts';
import { Panel } from '../parts/panel.tsx';
import { go } from '../router.ts';
import { SETTINGS_PARTS, type SettingsPart } from '../routes.ts';
import { t } from '../text/text.ts';
import { AccountSettings } from './account.tsx';
import { AppearanceSettings } from './appearance.tsx';
import { Devices } from './devices.tsx';
import { Notifications } from './notifications.tsx';
import { Privacy } from './privacy.tsx';
import { ServerSettings } from './server.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { StorageSettings } from './storage.tsx';
import './settings.css';

interface Props {
  readonly part: SettingsPart | null;
  onSignOut(keep: boolean): Promise<void>;
}

const ICONS = {
  account: UserRound,
  devices: MonitorSmartphone,
  privacy: Lock,
  notifications: Bell,
  appearance: Palette,
  storage: HardDrive,
  server: Server,
  shortcuts: Keyboard,
} as const satisfies Record<SettingsPart, typeof Bell>;

/** One place with parts, each with an address of its own. */
export function Settings({ part, onSignOut }: Props) {
  if (part === null) return <Parts />;
  return (
    <Panel key={part} title={t(part)} onBack={() => go({ at: 'settings' })}>
      <Part part={part} onSignOut={onSignOut} />
    </Panel>
  );
}

function Parts() {
  // A telephone has no keys to shorten anything with.
  const touch = useTouch();
  return (
    <Panel title={t('settings')} onBack={() => go({ at: 'inbox' })}>
      <nav className="panel-group" aria-label={t('settings')}>
        {SETTINGS_PARTS.filter((part) => !touch || part !== 'shortcuts').map((part) => {
          const Icon = ICONS[part];
          return (
            <Link key={part} className="panel-row" to={{ at: 'settings', part }}>
              <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
              <span className="panel-row-text">{t(part)}</span>
              <ChevronRight size={20} strokeWidth={1.75} aria-hidden="true" />
            </Link>
          );
        })}
      </nav>
      <div className="panel-group">
        <a className="panel-row" href="/notices.txt" target="_blank" rel="noopener">
          <Scale size={20} strokeWidth={1.75} aria-hidden="true" />
          <span className="panel-row-text">{t('licences')}</span>
        </a>
      </div>
    </Panel>
  );
}

function Part({ part, onSignOut }: Props & { part: SettingsPart }) {
  switch (part) {
    case 'account':
      return <AccountSettings onSignOut={onSignOut} />;
    case 'devices':
      return <Devices />;
    case 'privacy':
      return <Privacy />;
    case 'notifications':
      return <Notifications />;
    case 'appearance':
      return <AppearanceSettings />;
    case 'storage':
      return <StorageSettings />;
    case 'server':
      return <ServerSettings />;
    case 'shortcuts':
      return <Shortcuts />;
  }
}
