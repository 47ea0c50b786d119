import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import sharp from 'sharp';
import { build, defineConfig, type Plugin } from 'vite';
import { en } from './src/web/text/en.ts';
import { enSafety } from './src/web/text/en-safety.ts';

/** The controls bring their own words in 34 languages; only those of the language that the app speaks are shipped. */
function oneLanguage(): Plugin {
  return {
    name: 'parley:one-language',
    enforce: 'pre',
    load(id) {
      const other = /\/react-aria\/.*\/intl\/\w+\/(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs$/;
      return other.test(id) ? "export { default } from './en-US.mjs';" : null;
    },
  };
}

/** Messages are read while the app is built: what reads them is larger than all that they say. */
function readMessages(): Plugin {
  const read = (text: string) =>
    text.includes('{') ? new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst() : text;
  const fileOf = (words: object) => join(import.meta.dirname, 'src/web/text', words === en ? 'en.ts' : 'en-safety.ts');
  return {
    name: 'parley:read-messages',
    enforce: 'pre',
    load(id) {
      const known = Object.entries({ en, enSafety }).find(([, words]) => id === fileOf(words));
      if (!known) return null;
      const messages = Object.entries(known[1]).map(([key, text]) => [key, read(text)]);
      return `export const ${known[0]} = ${JSON.stringify(Object.fromEntries(messages))};`;
    },
  };
}

/** The mark on grounds and in forms that systems ask for; a dot says that something is unread. */
function icons(): Plugin {
  const svg = readFileSync(new URL('src/web/mark.svg', import.meta.url), 'utf8');
  const bars = svg.match(/<rect[^>]*>/g)!.join('');
  const [, colour] = /fill="([^"]+)"/.exec(svg)!;
  const [inTheDark] = /<style>.*<\/style>/.exec(svg)!;
  const drawing = (box: string, inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" fill="${colour}">${inside}</svg>`;
  const drawings = {
    any: svg,
    // A system cuts a circle, a square or a drop out of it: what counts is in the middle.
    maskable: drawing('-10 -10 44 44', `<path d="M-10-10h44v44h-44z"/><g fill="#fff">${bars}</g>`),
    monochrome: drawing('-4 -4 32 32', bars),
    unread: drawing(
      '0 0 24 24',
      `${inTheDark}<mask id="m"><path fill="#fff" d="M0 0h24v24H0z"/><circle cx="19" cy="5" r="6.5" fill="#000"/></mask><g mask="url(#m)">${bars}</g><circle cx="19" cy="5" r="5" fill="#c2361f"/>`,
    ),
  };
  return {
    name: 'parley:icons',
    async generateBundle() {
      for (const [name, source] of Object.entries(drawings)) {
        this.emitFile({ type: 'asset', fileName: `icons/${name}.svg`, source });
      }
      // Notifications take no drawings.
      for (const [name, drawn, side] of [
        ['notice', drawings.maskable, 192],
        ['badge', drawings.monochrome, 96],
      ] as const) {
        const source = await sharp(Buffer.from(drawn), { density: 300 }).resize(side).png().toBuffer();
        this.emitFile({ type: 'asset', fileName: `icons/${name}.png`, source });
      }
    },
  };
}

/** The worker that shows notifications and opens the app without a connection: one script that imports nothing, because not every browser takes others. */
function worker(): Plugin {
  return {
    name: 'parley:worker',
    // Once it is known what remains: scripts that hold nothing but styles are taken out at the end.
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const open = readdirSync(new URL('src/web/public', import.meta.url));
        const made = Object.keys(bundle).filter((path) => !/\.(html|txt|map)$/.test(path));
        const paths = [...made, ...open].map((path) => `/${path}`).sort();
        const shell = { name: createHash('sha256').update(paths.join()).digest('base64url').slice(0, 12), paths };
        const entry = join(import.meta.dirname, 'src/web/notify/worker.ts');
        const built = await build({
          configFile: false,
          define: { SHELL: JSON.stringify(shell) },
          logLevel: 'warn',
          build: {
            write: false,
            target: 'es2023',
            minify: true,
            lib: { entry, formats: ['iife'], name: 'worker', fileName: () => 'worker.js' },
          },
        });
        const [first] = Array.isArray(built) ? built : [built];
        if (!first || !('output' in first)) throw new Error('The worker was not built.');
        this.emitFile({ type: 'asset', fileName: 'worker.js', source: first.output[0].code });
      },
    },
  };
}

const isApp = (mode: string) => mode !== 'parts';

/** In the mode `parts` another page is built, elsewhere: every part in every state, for whoever works on them. */
export default defineConfig(({ mode }) => ({
  root: isApp(mode) ? 'src/web' : 'src/web/gallery',
  base: isApp(mode) ? '/' : '/parts/',
  plugins: [oneLanguage(), readMessages(), icons(), ...(isApp(mode) ? [worker()] : [])],
  resolve: {
    alias: [
      {
        find: /^@formatjs\/icu-messageformat-parser$/,
        replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
      },
    ],
  },
  build: {
    outDir: join(import.meta.dirname, isApp(mode) ? 'build/web' : 'build/parts'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // The page's policy is easier to read when every image has an address.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    license: { fileName: 'notices.txt' },
  },
}));
