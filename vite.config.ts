import { defineConfig, type Plugin } from 'vite';

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

export default defineConfig({
  root: 'src/web',
  base: '/',
  plugins: [oneLanguage()],
  build: {
    outDir: '../../build/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // The page's policy is easier to read when every image has an address.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    license: { fileName: 'notices.txt' },
  },
});
