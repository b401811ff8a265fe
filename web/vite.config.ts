import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { colours } from './build/colours.ts';

// The built files go into the Python package and are committed, so that a user needs no Node.
export default defineConfig({
  base: './',
  plugins: [colours(), svelte()],
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
  build: {
    outDir: '../src/integralie/web',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    license: { fileName: 'licences.md' },
    assetsInlineLimit: 0, // nothing as data: address, so that the content-security policy stays narrow
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
});
