/** Who may import whom, and who may touch the world: reads the import lines of `src` and holds the rules below. */
import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const src = join(import.meta.dir, '../src');
const files = [...new Bun.Glob('**/*.{ts,tsx}').scanSync(src)].sort();

const port = /^(store\/store|bus\/bus|media\/media|push\/push|search\/search)\.ts$/;
const adapter = /^(store|bus|media|push|search)\//;
const sdk = [/^client\//, /^protocol\//, /^core\//];

/** The first rule whose `of` fits a file is its rule; it may import itself a path that fits one of `may`. */
const rules: readonly { of: RegExp; may: readonly RegExp[] }[] = [
  { of: /^protocol\//, may: [/^protocol\//] },
  { of: /^core\//, may: [/^core\//, /^protocol\//] },
  { of: port, may: [/^core\//, /^protocol\//] },
  // Besides their port: their own parts, and the plumbing that has no decision in it.
  ...['store', 'bus', 'media', 'push', 'search'].map((name) => ({
    of: new RegExp(`^${name}/`),
    may: [new RegExp(`^${name}/`), /^core\/(clock|result|search)\.ts$/, ...(name === 'search' ? [/^protocol\//] : [])],
  })),
  { of: /^server\/main\.ts$/, may: [/^server\//, adapter, /^core\//, /^protocol\//] },
  { of: /^server\//, may: [/^server\/(?!main\.ts)/, port, /^core\//, /^protocol\//] },
  { of: /^client\//, may: sdk },
  { of: /^web\//, may: [/^web\//, ...sdk] },
  { of: /^cli\//, may: [/^cli\//, ...sdk] },
  { of: /^check\//, may: [/^check\//, /^protocol\//] },
  { of: /^bench\//, may: [/^bench\//, adapter, ...sdk] },
  {
    of: /^demo\//,
    may: [
      /^demo\//,
      /^(bench\/host|sim\/time|web\/(account\/(session|slots)|appearance|text\/people))\.ts$/,
      /^server\/(app|config|passwords|system|web)\.ts$/,
      adapter,
      ...sdk,
    ],
  },
  { of: /^sim\//, may: [/^(sim|check)\//, /^server\/(?!main\.ts)/, adapter, ...sdk] },
];

const runtime = /^(node:.*|bun|bun:.*|fs|path|os|crypto|timers|child_process|events|stream|net|http|worker_threads)$/;
const clockTimersChance =
  /(?<![.\w])(Date\.now\b|new Date\(\s*\)|new Date(?!\w|\()|Date\(\s*\)|performance\.now\b|Math\.random\b|setTimeout\b|setInterval\b|setImmediate\b|crypto\.\w+|random(Bytes|UUID|Int)\b)/;
const world = new RegExp(`${clockTimersChance.source}|(?<![.\\w])(console\\.|process\\.|Bun\\.|globalThis\\b)`);

const pure = /^(protocol|core|client|check)\//;
/** Where the client meets its platform. */
const platform = /^client\/(storage\/.*|platform)\.tsx?$/;
/** The rest of the server takes a Clock and a Random, so that the simulator can run it. */
const outerServer = /^server\/(main|config|gateway|http[^/]*|polling|log|passwords|web|system)(\.ts$|\/)/;

/** The text without comments; strings stay. */
function code(text: string): string {
  return text.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g, (part) =>
    /^\/[/*]/.test(part) ? '' : part,
  );
}

const modules = new Map(
  files.map((file) => {
    const text = code(readFileSync(join(src, file), 'utf8'));
    const lines = text.matchAll(
      /(?:^|[\n;])\s*(?:import|export)\b[^;'"`()=]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|[\n;])\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
    );
    const imports = [...lines].map((line) => line[1] ?? line[2] ?? line[3] ?? '');
    const ours = imports
      .filter((path) => path.startsWith('.'))
      .map((path) => relative(src, join(src, dirname(file), path.replace(/\?.*$/, ''))));
    return [file, { text, ours, packages: imports.filter((path) => !path.startsWith('.')) }] as const;
  }),
);
const all = [...modules];

test('each folder imports only what it may', () => {
  const wrong = all.flatMap(([file, { ours }]) => {
    const rule = rules.find(({ of }) => of.test(file));
    if (!rule) return [`${file}: in no known folder`];
    return ours.filter((path) => !rule.may.some((may) => may.test(path))).map((path) => `${file} imports ${path}`);
  });
  expect(wrong).toEqual([]);
});

test('every import of ours names a file', () => {
  const wrong = all.flatMap(([file, { ours }]) =>
    ours
      .filter((path) => !existsSync(join(src, path)) || !/\.\w+$/.test(path))
      .map((path) => `${file} imports ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('protocol, core, client and check touch no runtime module and nothing global', () => {
  const wrong = all
    .filter(([file]) => pure.test(file) && !platform.test(file))
    .flatMap(([file, { text, packages }]) => [
      ...packages.filter((name) => runtime.test(name) || name === 'idb').map((name) => `${file} imports ${name}`),
      ...(text.match(new RegExp(world, 'g')) ?? []).map((found) => `${file} says ${found}`),
    ]);
  expect(wrong).toEqual([]);
});

test('what decides in the server takes its clock and chance as parameters', () => {
  const wrong = all
    .filter(([file]) => file.startsWith('server/') && !outerServer.test(file))
    .flatMap(([file, { text, packages }]) => [
      ...packages.filter((name) => /^(node:)?timers/.test(name)).map((name) => `${file} imports ${name}`),
      ...(text.match(new RegExp(clockTimersChance, 'g')) ?? []).map((found) => `${file} says ${found}`),
    ]);
  expect(wrong).toEqual([]);
});

test('no imports go round in a circle', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of modules.get(file)?.ours ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});

test('no file only passes on what others export, but the door of the SDK', () => {
  const passing = /(?:import|export)\b[^;'"`()=]*?\bfrom\s*['"][^'"]+['"]\s*;?|import\s*['"][^'"]+['"]\s*;?/g;
  const barrels = all
    .filter(
      ([file, { text }]) => file !== 'client/index.ts' && /\bexport\b/.test(text) && !text.replace(passing, '').trim(),
    )
    .map(([file]) => file);
  expect(barrels).toEqual([]);
});
