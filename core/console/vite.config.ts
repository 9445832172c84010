import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Built by `prepare`, served by the host from dist/. Nothing is inlined: the page's policy allows scripts and images from
// the host only, and no data: address.
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
