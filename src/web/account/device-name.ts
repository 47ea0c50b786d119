import { t } from '../text/text.ts';

const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR', 'Opera'],
  ['Firefox', 'Firefox'],
  ['Chrome', 'Chrome'],
  ['Safari', 'Safari'],
] as const;
const SYSTEMS = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS', 'Mac'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** What the list of devices calls this one: "Firefox on Linux". */
export function deviceName(userAgent: string): string {
  const find = (names: typeof BROWSERS | typeof SYSTEMS) => names.find(([mark]) => userAgent.includes(mark))?.[1];
  const browser = find(BROWSERS) ?? t('browser');
  const system = find(SYSTEMS);
  return system ? t('deviceName', { browser, system }) : browser;
}
