import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { zhHans as saidInHans } from './host-says/zh-hans.ts';
import { zhHant as saidInHant } from './host-says/zh-hant.ts';
import { complaintsAbout } from './language/complaints.ts';
import { en } from './language/en.ts';
import { zhHans } from './language/zh-hans.ts';
import { zhHant } from './language/zh-hant.ts';

/** No console is built with a text missing in a language. */
const completeLanguages: Plugin = {
  name: 'complete-languages',
  buildStart() {
    const complaints = [
      ...complaintsAbout('zh-Hans', zhHans, en),
      ...complaintsAbout('zh-Hant', zhHant, en),
      ...complaintsAbout('zh-Hant', saidInHant, saidInHans),
    ];
    if (complaints.length > 0) this.error(complaints.join('\n'));
  },
};

// Built by `prepare`, served by the host from dist/. Nothing is inlined: the page's policy allows scripts and images from
// the host only, and no data: address.
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [completeLanguages, react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
