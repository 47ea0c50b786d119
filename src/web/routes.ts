/** The addresses of the app. The first part is the account slot: several people side by side in one browser. */
export type Screen =
  | { readonly at: 'inbox' }
  | { readonly at: 'archived' }
  | { readonly at: 'requests' }
  /** `seq` is the message that one looks at; without it, the newest or the first unread one. */
  | { readonly at: 'conversation'; readonly id: string; readonly seq?: number; readonly details?: boolean }
  /** In one conversation, or everywhere. */
  | { readonly at: 'search'; readonly id?: string }
  | { readonly at: 'new' }
  | { readonly at: 'new-group' }
  /** Without a part, the list of them. */
  | { readonly at: 'settings'; readonly part?: SettingsPart }
  /** A link that lets somebody in, in a slot that is chosen once it is part of the address. */
  | { readonly at: 'link'; readonly kind: LinkKind; readonly code: string; readonly chosen?: true }
  | { readonly at: 'sign-in' }
  | { readonly at: 'sign-up' }
  | { readonly at: 'recover' }
  | { readonly at: 'nowhere' };

const LINK_KINDS = ['setup', 'join', 'enter'] as const;
type LinkKind = (typeof LINK_KINDS)[number];

/** In the order in which Settings lists them. */
export const SETTINGS_PARTS = [
  'account',
  'devices',
  'privacy',
  'notifications',
  'appearance',
  'storage',
  'server',
  'shortcuts',
] as const;
export type SettingsPart = (typeof SETTINGS_PARTS)[number];

export interface Route {
  readonly slot: number;
  readonly screen: Screen;
}

export function parseRoute(path: string): Route {
  const [first = '', ...rest] = path.split('/').filter((part) => part !== '');
  if (first === '') return { slot: 0, screen: { at: 'inbox' } };
  const link = linkOf(first, rest[0]);
  if (link) return { slot: 0, screen: link };
  if (!/^\d$/.test(first)) return { slot: 0, screen: { at: 'nowhere' } };
  return { slot: Number(first), screen: screenOf(rest) };
}

function linkOf(first: string | undefined, code: string | undefined): Extract<Screen, { at: 'link' }> | null {
  const kind = LINK_KINDS.find((one) => one === first);
  return kind && code ? { at: 'link', kind, code } : null;
}

function screenOf([first, second, third]: string[]): Screen {
  const link = linkOf(first, second);
  if (link) return { ...link, chosen: true };
  switch (first) {
    case undefined:
      return { at: 'inbox' };
    case 'c':
      return second ? conversationOf(second, third) : { at: 'inbox' };
    case 'search':
      return { at: 'search', ...(second ? { id: second } : {}) };
    case 'archived':
    case 'requests':
    case 'new':
    case 'new-group':
    case 'sign-in':
    case 'sign-up':
    case 'recover':
      return { at: first };
    case 'settings': {
      const part = SETTINGS_PARTS.find((one) => one === second);
      return { at: 'settings', ...(part ? { part } : {}) };
    }
    default:
      return { at: 'nowhere' };
  }
}

function conversationOf(id: string, place: string | undefined): Screen {
  const seq = /^[1-9]\d{0,14}$/.test(place ?? '') ? Number(place) : 0;
  return { at: 'conversation', id, ...(seq > 0 ? { seq } : {}), ...(place === 'details' ? { details: true } : {}) };
}

export function pathOf({ slot, screen }: Route): string {
  switch (screen.at) {
    case 'inbox':
    case 'nowhere':
      return `/${slot}/`;
    case 'conversation':
      return `/${slot}/c/${screen.id}${screen.details ? '/details' : screen.seq ? `/${screen.seq}` : ''}`;
    case 'link':
      return `${screen.chosen ? `/${slot}` : ''}/${screen.kind}/${screen.code}`;
    case 'search':
      return `/${slot}/search${screen.id ? `/${screen.id}` : ''}`;
    case 'settings':
      return `/${slot}/settings${screen.part ? `/${screen.part}` : ''}`;
    default:
      return `/${slot}/${screen.at}`;
  }
}
