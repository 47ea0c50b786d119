/** Packs `client` and what it needs of `core` and `protocol` as plain ES modules with types, without dependencies. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isSchema, type Json, printType } from './schema-types.ts';

const root = join(import.meta.dir, '..');
const src = join(root, 'src');
const out = join(root, 'build/sdk');
const SIZE_MOST = 100_000;
const IDB = 'vendor/idb/index.js';
/** What a program may import, by the name under the package's. */
const DOORS = {
  '.': 'client/index',
  './file': 'client/storage/file',
  './indexeddb': 'client/storage/indexeddb',
} as const;

const transpiler = new Bun.Transpiler({ loader: 'ts', target: 'browser', deadCodeElimination: false });

/** The module as JavaScript with imports that name files, and those files. */
async function transpiled(file: string): Promise<{ text: string; imports: string[] }> {
  const imports: string[] = [];
  const code = transpiler.transformSync(await readFile(join(src, file), 'utf8'));
  const text = code.replace(/(\bfrom\s*|\bimport\(\s*|\bimport\s*)(["'])([^"']+)\2/g, (whole, before, quote, path) => {
    if (path === 'idb') return `${before}${quote}${relative(dirname(file), IDB)}${quote}`;
    if (!path.startsWith('.')) return whole;
    imports.push(join(dirname(file), path));
    return `${before}${quote}${path.replace(/\.ts$/, '.js')}${quote}`;
  });
  const packages = [...text.matchAll(/\bfrom\s*["']([^."'][^"']*)["']/g)].map((match) => match[1]!);
  const foreign = packages.filter((name) => !name.startsWith('node:'));
  if (foreign.length > 0) throw new Error(`src/${file} needs ${foreign.join(', ')}, and the SDK has no dependencies.`);
  return { text, imports };
}

async function writeModules(entry: string): Promise<void> {
  const waiting = [entry];
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const { text, imports } = await transpiled(file);
    await put(file.replace(/\.ts$/, '.js'), text);
    for (const next of imports.filter((path) => !seen.has(path))) {
      seen.add(next);
      waiting.push(next);
    }
  }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(out, path)), { recursive: true });
  await writeFile(join(out, path), text);
}

async function run(command: readonly string[], cwd: string): Promise<string> {
  const child = Bun.spawn([...command], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [text, wrong, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(' ')} failed:\n${text}${wrong}`);
  return text;
}

async function writeTypes(entries: readonly string[]): Promise<void> {
  const flags = '--ignoreConfig --declaration --emitDeclarationOnly --target ESNext --module Preserve --types bun';
  const more = '--moduleResolution bundler --allowImportingTsExtensions --strict --skipLibCheck --lib ESNext,DOM';
  const tsc = join(root, 'node_modules/.bin/tsc');
  const where = ['--rootDir', src, '--outDir', out, ...entries.map((entry) => join(src, entry))];
  await run([tsc, ...flags.split(' '), ...more.split(' '), ...where], root);
  for (const path of new Bun.Glob('**/*.d.ts').scanSync(out)) {
    const text = await readFile(join(out, path), 'utf8');
    await put(path, text.replace(/(['"])(\.[^'"]+)\.ts\1/g, '$1$2.js$1'));
  }
  await writeSchemaTypes();
  await dropUnseenTypes(entries.map((entry) => entry.replace(/\.ts$/, '.d.ts')));
}

/** Keeps the types that a program meets, starting from what it imports. */
async function dropUnseenTypes(doors: readonly string[]): Promise<void> {
  const seen = new Set(doors);
  for (const path of seen) {
    const text = await readFile(join(out, path), 'utf8');
    for (const [, next = ''] of text.matchAll(/\bfrom\s*['"](\.[^'"]+)\.js['"]/g)) {
      seen.add(`${join(dirname(path), next)}.d.ts`);
    }
  }
  for (const path of new Bun.Glob('**/*.d.ts').scanSync(out)) if (!seen.has(path)) await rm(join(out, path));
}

/** Modules of the protocol that are made of schemas get types that are printed from these. */
async function writeSchemaTypes(): Promise<void> {
  const modules: { file: string; source: string; exports: Json }[] = [];
  for (const file of (await readdir(join(src, 'protocol'))).filter((name) => name.endsWith('.ts')).sort()) {
    const source = await readFile(join(src, 'protocol', file), 'utf8');
    if (/from 'typebox'/.test(source))
      modules.push({ file, source, exports: await import(join(src, 'protocol', file)) });
  }
  const named = new Map<string, string>();
  const home = new Map<string, string>();
  for (const { file, source, exports } of modules) {
    for (const [, name = ''] of source.matchAll(/export type (\w+) = Static</g)) {
      if (isSchema(exports[name])) named.set(JSON.stringify(exports[name]), name);
      home.set(name, file);
    }
  }
  for (const { file, source, exports } of modules) {
    const used = new Set<string>();
    const print = (schema: unknown) => printType(schema as Json, named, used);
    const lines: string[] = [];
    for (const statement of source.matchAll(/^export type (\w+)(<[^=]*>)? = ([\s\S]*?);$/gm)) {
      const [whole, name = '', , meaning = ''] = statement;
      const schema = exports[name];
      if (isSchema(schema)) lines.push(`export type ${name} = ${printType(schema, named, used, true)};`);
      else if (!/Static|typeof/.test(meaning)) {
        lines.push(whole);
        for (const word of meaning.match(/\w+/g) ?? []) if (home.has(word)) used.add(word);
      }
    }
    for (const [name, schema] of Object.entries(exports)) {
      if (isSchema(schema) && !home.has(name))
        lines.push(`/** A schema on the server. */\nexport type ${name} = ${print(schema)};`);
    }
    if (exports['COMMANDS']) lines.push(...commandTypes(exports['COMMANDS'] as Json, print));
    if (exports['EVENTS']) lines.push(...eventTypes(exports['EVENTS'] as Json, print));
    const imports = [...used]
      .filter((name) => home.get(name) !== file)
      .map((name) => `import type { ${name} } from './${home.get(name)!.replace(/\.ts$/, '.js')}';`);
    await put(`protocol/${file.replace(/\.ts$/, '.d.ts')}`, `${[...imports, ...lines].join('\n')}\n`);
  }
}

function commandTypes(commands: Json, print: (schema: unknown) => string): string[] {
  const fields = Object.entries(commands).map(([name, command]) => {
    const { request, result } = command as Json;
    return `  ${name}: { request: ${print(request)}; result: ${print(result)} };`;
  });
  return [
    `export interface CommandTypes {\n${fields.join('\n')}\n}`,
    'export type CommandName = keyof CommandTypes;',
    "export type Request<N extends CommandName> = CommandTypes[N]['request'];",
    "export type Result<N extends CommandName> = CommandTypes[N]['result'];",
  ];
}

function eventTypes(events: Json, print: (schema: unknown) => string): string[] {
  const fields = Object.entries(events).map(([name, schema]) => `  ${name}: ${print(schema)};`);
  return [
    `export interface EventTypes {\n${fields.join('\n')}\n}`,
    'export type EventName = keyof EventTypes;',
    'export type Event<N extends EventName = EventName> = EventTypes[N];',
  ];
}

/** `idb` is small and has no dependencies: it comes along, with its licence. */
async function writeVendor(): Promise<void> {
  const from = join(root, 'node_modules/idb');
  for (const name of await readdir(join(from, 'build'))) {
    if (/^(?!.*(cjs|umd|\.map)).*\.js$/.test(name)) await cp(join(from, 'build', name), join(out, 'vendor/idb', name));
  }
  await cp(join(from, 'LICENSE'), join(out, 'vendor/idb/LICENSE'));
}

async function writePackage(): Promise<void> {
  const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const doors = Object.entries(DOORS).map(([name, file]) => [
    name,
    { types: `./${file}.d.ts`, default: `./${file}.js` },
  ]);
  const manifest = {
    name: '@parley-chat/sdk',
    version,
    description: 'Write programs that talk on a Parley server.',
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: Object.fromEntries(doors),
  };
  await put('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  await cp(join(root, 'docs/sdk.md'), join(out, 'README.md'));
  await cp(join(root, 'LICENSE'), join(out, 'LICENSE'));
}

await rm(out, { recursive: true, force: true });
const entries = Object.values(DOORS).map((file) => `${file}.ts`);
await writeTypes(entries);
for (const entry of entries) await writeModules(entry);
await writeVendor();
await writePackage();
const [{ filename, size, entryCount }] = JSON.parse(await run(['npm', 'pack', '--json', '--silent'], out));
console.log(`build/sdk/${filename}: ${(size / 1_000).toFixed(1)} kB, ${entryCount} files`);
if (size > SIZE_MOST) throw new Error(`The SDK is larger than ${SIZE_MOST / 1_000} kB.`);
