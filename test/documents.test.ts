/** What the pages say about the source, held against the source. */
import { describe, expect, test } from 'bun:test';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HELP } from '../src/server/config.ts';

const ROOT = join(import.meta.dir, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = [...globSync('*.md', { cwd: ROOT }), ...globSync('docs/**/*.md', { cwd: ROOT })].sort();
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

/** Headings as forges make addresses of them. */
function anchorsOf(page: string): string[] {
  return all(page, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (path) => {
  const page = read(path);
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '');

  test('links lead somewhere', () => {
    const links = [...all(prose, /\]\(([^)\s]+)\)/g), ...all(prose, /\b(?:src|srcset)="([^"]+)"/g)];
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
  test('names files and folders that there are', () => {
    const named = all(prose, /`((?:src|test|docs|scripts|bin|\.ci)\/[\w./-]+)`/g);
    const parts = all(prose, /`((?:protocol|core|store|bus|server|client|web|cli|sim|check|bench)\/[\w./-]+)`/g);
    // Types are made when the SDK is packed.
    const sources = parts.map((part) => `src/${part.replace(/\.d\.ts$/, '.ts')}`);
    expect([...named, ...sources].filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });
  test('names scripts that there are', () => {
    const named = all(page, /\bnpm run ([\w:-]+)/g).filter((name) => !scripts[name]);
    expect(named).toEqual([]);
  });
});

describe('docs/operating.md', () => {
  const page = read('docs/operating.md');
  const options = all(HELP, /^ {2}((?:--|[A-Z])\S+(?:, \S+)*)(?: {2}|$)/gm).flatMap((names) => names.split(', '));
  test.each(options)('names %s', (name) => expect(page.includes(`\`${name}\``)).toBe(true));
});

describe('docs/requirements.md', () => {
  const rows = all(read('docs/requirements.md'), /^\| (R\d+ \|.*) \|$/gm).map((row) => row.split(' | '));
  test('has a row for each of 24', () => {
    expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 24 }, (_, i) => `R${i + 1}`));
  });
  test.each(rows)('%s says what is there', (_id, ...cells) => {
    expect(cells).toHaveLength(6);
    const [, , file = '', held = '', seen, state] = cells;
    expect(state).toMatch(/^(built|planned)\b/);
    const isBuilt = state!.startsWith('built');
    expect(all(file, /`([\w./-]+)`/g).length > 0).toBe(isBuilt);
    if (isBuilt) expect(seen).not.toBe('–');
    const tests = [...held.matchAll(/`([\w./-]+)` "([^"]+)"/g)].map(([, path, name]) => [path!, name!] as const);
    expect(tests.length > 0).toBe(isBuilt);
    for (const [path, name] of tests) expect(read(path)).toContain(`('${name}'`);
  });
});

describe('docs/README.md', () => {
  const index = read('docs/README.md');
  test.each(globSync('docs/**/*.md', { cwd: ROOT }).filter((page) => page !== 'docs/README.md'))('lists %s', (page) => {
    expect(index).toContain(`](${page.slice('docs/'.length)})`);
  });
});

describe('README.md', () => {
  const page = read('README.md');
  test('has at most 150 lines', () => expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(150));
  test('shows the bot of the SDK page, which is run', () => {
    const [bot] = all(read('docs/sdk.md'), /^```js\n([\s\S]*?)^```$/gm);
    expect(page).toContain(bot!);
  });
});

describe('docs/sdk.md', () => {
  const page = read('docs/sdk.md');
  const api = read('src/client/api.ts');
  const bodies = all(api, /^export interface (?:Messenger|Timeline) \{\n([\s\S]*?)^\}/gm).join('');
  const events = all(api, /^export interface MessengerEvents \{\n([\s\S]*?)^\}/gm).join('');
  test.each([...new Set(all(bodies, /^ {2}(?:readonly )?(\w+)(?=[(:<])/gm))])('lists %s', (name) => {
    expect(page).toMatch(new RegExp(`^\\|.*\`${name}[(\`].*\\|.*\\|$`, 'm'));
  });
  test.each(all(events, /^ {2}(\w+):/gm))('names the event %s', (name) => expect(page).toContain(`\`${name}\``));
});

describe('docs/data-model.md', () => {
  const page = read('docs/data-model.md');
  const source = globSync('src/server/*.ts', { cwd: ROOT }).map(read).join('\n');
  const registers = all(source, /(?:raise|getRegister|listRegisters)\([`'](\w+)/g);
  const records = all(source, /(?:putRecord|getRecord|listRecords)\([`'](\w+)/g);
  test.each([...new Set([...registers, ...records])])('has the partition %s', (name) => {
    expect(page).toMatch(new RegExp(`^\\| \`${name}[/\`]`, 'm'));
  });
});

describe('docs/testing.md', () => {
  const page = read('docs/testing.md');
  const those = Object.keys(scripts).filter((name) => /^(test|check|image|sim|bench)/.test(name));
  test.each(those)('names the script %s', (name) => {
    expect(page).toContain(name === 'test' ? '`npm test`' : `npm run ${name}`);
  });
});
