import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: { $lib: source('lib'), $components: source('components') },
    // Component tests mount real components: without this, vitest would resolve Svelte's server build.
    conditions: process.env['VITEST'] ? ['browser'] : undefined,
  },
  build: { target: ['es2021', 'safari15'], cssTarget: 'safari15', modulePreload: { polyfill: false } },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': process.env['SCIM_SETUP_CONTROL_URL'] ?? 'http://127.0.0.1:7247' },
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 30_000,
    restoreMocks: true,
  },
});
