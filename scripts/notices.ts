/** Writes `build/notices.txt`: the licences of all that a server and its web app are made of, in full. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dir, '..');
const out = join(root, 'build/notices.txt');
/**
 * What Parley may be given away with. Another licence is read by somebody before it stands here. LGPL is libvips of sharp: a
 * library file of its own, which whoever has it may exchange.
 */
const KNOWN = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'MPL-2.0',
];
/** Packages that come without the text of their licence, and what is to be said instead. */
const WITHOUT: Readonly<Record<string, string>> = {
  bun: 'Bun is under the MIT licence. JavaScriptCore (LGPL-2) and other libraries are linked into it;\nhttps://bun.com/docs/project/license lists them with their licences and sources.',
};

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

interface Part {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly texts: readonly string[];
}

/** What is installed here and not only for work on the project. */
function parts(): Part[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(join(root, path)))
    .map(([path, { version, license }]) => ({
      name: path.replace(/^.*node_modules\//, ''),
      version,
      licence: license ?? 'none',
      texts: textsIn(join(root, path)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Its own, and those of what it brings along in folders of its own. */
function textsIn(folder: string): string[] {
  const paths = [...new Bun.Glob('**/*').scanSync(folder)].filter(
    (path) =>
      /(^|\/)(licen[cs]e|copying|notice)(-[\w-]+)?(\.(md|txt))?$/i.test(path) && !path.includes('node_modules/'),
  );
  return [...new Set(paths.sort().map((path) => readFileSync(join(folder, path), 'utf8').trim()))];
}

/** Whether one of the licences that may be chosen is known. */
function isKnown(licence: string): boolean {
  return licence.split(/ OR |[()]/).some((choice) => KNOWN.includes(choice));
}

function print({ name, version, licence, texts }: Part): string {
  const instead = WITHOUT[name] ?? `It comes without the text of its licence; it says that it is under ${licence}.`;
  return `${name} ${version} (${licence})\n\n${texts.length > 0 ? texts.join('\n\n') : instead}\n`;
}

const all = parts();
const strange = all.filter(({ licence }) => !isKnown(licence));
const line = `\n${'-'.repeat(100)}\n\n`;
const head = 'Parley is under the Apache License 2.0. It is made with the following, each under its own licence.\n';
mkdirSync(join(root, 'build'), { recursive: true });
writeFileSync(out, [head, ...all.map(print)].join(line));
const counts = Map.groupBy(all, ({ licence }) => licence);
console.log(
  `build/notices.txt: ${all.length} packages: ${[...counts].map(([name, list]) => `${list.length} ${name}`).join(', ')}`,
);
for (const { name, licence } of strange) console.error(`${name}: nobody has looked at the licence ${licence}.`);
process.exit(strange.length === 0 ? 0 : 1);
