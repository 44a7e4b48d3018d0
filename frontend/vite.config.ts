import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** A running stack for `npm run dev` and `npm run preview`: the address of its console. */
const stack = process.env.DRS_ORCHESTRATION_CONSOLE_URL;
const proxy =
  stack === undefined
    ? {}
    : Object.fromEntries(['/api', '/cognito', '/config.json'].map((path) => [path, stack]));

/**
 * Each release of the components names its custom properties by a hash of its own, and the package
 * of the design tokens does not follow it: taken from there, our own pictures know no dark mode.
 */
const TOKENS = 'node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js';

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      '@cloudscape-design/design-tokens': fileURLToPath(new URL(TOKENS, import.meta.url)),
    },
  },
  server: { proxy },
  preview: { proxy },
  build: {
    // Every file is one of its own: the content security policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      // The frontend builder keeps for ever what is named by a hash in hex.
      output: { hashCharacters: 'hex' },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    testTimeout: 30_000,
    server: { deps: { inline: [/@cloudscape-design/] } },
  },
});
