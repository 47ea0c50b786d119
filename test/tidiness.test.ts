/** What every file of the project keeps to, whoever writes it. */
import { expect, test } from 'bun:test';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dir, '..');
const listed = Bun.spawnSync(['git', 'ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
const paths = [...new Set(listed.stdout.toString().split('\n'))].filter(
  (path) => path && statSync(join(root, path), { throwIfNoEntry: false })?.isFile(),
);
const texts = new Map(
  paths
    .filter((path) => !/\.(png|jpg|webp|ico|woff2|mp3|ogg)$/.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);
const sources = [...texts].filter(([path]) => /^src\/.*\.(tsx?|css)$/.test(path));
const lines = (text: string) => text.trimEnd().split('\n').length;

/** `path:line: text` of every match in the given files. */
function find(files: readonly (readonly [string, string])[], pattern: RegExp): string[] {
  return files.flatMap(([path, text]) =>
    [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(
      (match) => `${path}:${lines(`${text.slice(0, match.index)}.`)}: ${match[0].trim()}`,
    ),
  );
}

/** Comments become blanks, so that line numbers stay. */
const blank = (text: string) => text.replace(/[^\n]/g, ' ');
const css = sources
  .filter(([path]) => path.endsWith('.css'))
  .map(([path, text]) => [path, text.replace(/\/\*[\s\S]*?\*\//g, blank)] as const);
const scripts = sources
  .filter(([path]) => /^src\/web\/.*\.tsx?$/.test(path))
  .map(([path, text]) => [path, text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, blank)] as const);

test('git knows the files', () => {
  expect(listed.exitCode).toBe(0);
  expect(sources.length).toBeGreaterThan(0);
});

test('no source file is longer than 400 lines', () => {
  const long = sources.map(([path, text]) => [path, lines(text)] as const).filter(([, count]) => count > 400);
  expect(long).toEqual([]);
});

test('the median source file is shorter than 150 lines', () => {
  const counts = sources.map(([, text]) => lines(text)).sort((a, b) => a - b);
  expect(counts[counts.length >> 1]).toBeLessThan(150);
});

test('nothing is called by a name that says nothing', () => {
  const vague = paths.filter((path) =>
    path.split('/').some((part) => /^(utils?|helpers?|misc|common)(\.|$)/.test(part)),
  );
  expect(vague).toEqual([]);
});

test('no file names a registry or a place on somebody’s machine', () => {
  const places = [
    /\bregistry\.(npmjs|yarnpkg|npmmirror)|:[_]authToken|"resolved":\s"http/,
    /https?:\/\/(npm|registry|artifactory|nexus|verdaccio)\.[\w.-]+/,
    /(?<![\w.~-])\/(?:work|root)\/|\.\.\/shared\b/,
  ];
  expect(places.flatMap((place) => find([...texts], place))).toEqual([]);
});

test('styles have logical properties only, so that every screen mirrors', () => {
  const value = String.raw`([\w.%-]+(?:\([^()]*\))?)`;
  const physical = [
    /\b(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)\b/,
    /\bborder-(top|bottom)-(left|right)-radius\b/,
    /(?<![\w-])(left|right)\s*:/,
    /\b(text-align|float|clear)\s*:\s*(left|right)\b/,
    // Four values of which the right one differs from the left one.
    new RegExp(`\\b(?:margin|padding|inset):\\s*${value}\\s+${value}\\s+${value}\\s+(?!\\2\\s*[;}!])\\S`),
  ];
  const inScripts = [
    /\b(margin|padding|border)(Left|Right)\b|\b(textAlign|float): '(left|right)'/,
    /style=\{\{[^}]*\b(left|right):/,
  ];
  expect(physical.flatMap((pattern) => find(css, pattern))).toEqual([]);
  expect(inScripts.flatMap((pattern) => find(scripts, pattern))).toEqual([]);
});

test('only the theme names colours', () => {
  const hues =
    'red|green|blue|yellow|orange|purple|pink|brown|gr[ae]y|cyan|magenta|violet|salmon|coral|goldenrod|slategr[ae]y';
  const names = `(?:light|dark|medium|pale|deep|hot|dim|royal|sky|steel)*(?:${hues}|white|black|silver|navy|teal|maroon|olive|lime|aqua|fuchsia|gold|crimson|tomato|indigo|beige|ivory|khaki|lavender|orchid|plum|tan|turquoise|whitesmoke)`;
  const made =
    '#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![\\w-])|\\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\\(';
  // Inside a value: after a colon that no brace follows before the declaration ends.
  const inValue = new RegExp(`(?<=:[^;{}]*)(?:${made}|(?<![\\w-])${names}(?![\\w-]))(?=[^;{}]*[;}])`, 'i');
  const others = css
    .filter(([path]) => path !== 'src/web/theme.css')
    .map(([path, text]) => [path, text.replace(/url\([^)]*\)|'[^']*'|"[^"]*"/g, blank)] as const);
  expect(find(others, inValue)).toEqual([]);
  expect(find(scripts, new RegExp(`['"\`](?:${made})`, 'i'))).toEqual([]);
});
