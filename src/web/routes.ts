/** The addresses of the app. The first part is the account slot: several people side by side in one browser. */
export type Screen =
  | { readonly at: 'inbox' }
  | { readonly at: 'archived' }
  | { readonly at: 'conversation'; readonly id: string; readonly details: boolean }
  | { readonly at: 'new' }
  | { readonly at: 'new-group' }
  | { readonly at: 'settings' }
  | { readonly at: 'sign-in' }
  | { readonly at: 'sign-up' }
  | { readonly at: 'nowhere' };

export interface Route {
  readonly slot: number;
  readonly screen: Screen;
}

export function parseRoute(path: string): Route {
  const [first = '', ...rest] = path.split('/').filter((part) => part !== '');
  if (first === '') return { slot: 0, screen: { at: 'inbox' } };
  if (!/^\d$/.test(first)) return { slot: 0, screen: { at: 'nowhere' } };
  return { slot: Number(first), screen: screenOf(rest) };
}

function screenOf([first, second, third]: string[]): Screen {
  switch (first) {
    case undefined:
      return { at: 'inbox' };
    case 'c':
      return second ? { at: 'conversation', id: second, details: third === 'details' } : { at: 'inbox' };
    case 'archived':
    case 'new':
    case 'new-group':
    case 'settings':
    case 'sign-in':
    case 'sign-up':
      return { at: first };
    default:
      return { at: 'nowhere' };
  }
}

export function pathOf({ slot, screen }: Route): string {
  switch (screen.at) {
    case 'inbox':
    case 'nowhere':
      return `/${slot}/`;
    case 'conversation':
      return `/${slot}/c/${screen.id}${screen.details ? '/details' : ''}`;
    case 'settings':
      return `/${slot}/settings/devices`;
    default:
      return `/${slot}/${screen.at}`;
  }
}
