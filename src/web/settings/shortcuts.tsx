import type { TextKey } from '../text/en.ts';
import { t } from '../text/text.ts';

const mac = navigator.userAgent.includes('Mac OS');

const SHORTCUTS: readonly (readonly [does: TextKey, keys: string])[] = [
  ['shortcutFind', mac ? '⌘K' : 'Ctrl+K'],
  ['shortcutSearch', mac ? '⌘F' : 'Ctrl+F'],
  ['shortcutMove', mac ? '⌥↑ ⌥↓' : 'Alt+↑ Alt+↓'],
  ['shortcutRead', mac ? '⌥⇧R' : 'Alt+Shift+R'],
  ['shortcutBack', 'Esc'],
  ['shortcutOwn', '↑'],
  ['shortcutSend', 'Enter'],
  ['shortcutLine', 'Shift+Enter'],
  ['shortcutBold', mac ? '⌘B' : 'Ctrl+B'],
  ['shortcutItalic', mac ? '⌘I' : 'Ctrl+I'],
  ['shortcutStrike', mac ? '⇧⌘X' : 'Ctrl+Shift+X'],
  ['shortcutCode', mac ? '⌘E' : 'Ctrl+E'],
  ['shortcutHidden', '||…||'],
  ['shortcutPictures', '← → + − 0'],
  ['shortcutKeys', '?'],
];

export function Shortcuts() {
  return (
    <dl className="shortcuts">
      {SHORTCUTS.map(([does, keys]) => (
        <div key={does}>
          <dt>{t(does)}</dt>
          <dd>
            <kbd>{keys}</kbd>
          </dd>
        </div>
      ))}
    </dl>
  );
}
