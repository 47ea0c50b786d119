import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/web',
  base: '/',
  build: {
    outDir: '../../build/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // The page's policy is easier to read when every image has an address.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
});
