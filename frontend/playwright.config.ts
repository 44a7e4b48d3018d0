import { existsSync } from 'node:fs';

import { defineConfig } from '@playwright/test';

import { consoleAddress } from './journeys/stack';

/** The browser of the machine; where there is none, the one that Playwright has installed. */
const DEBIAN = '/usr/bin/chromium';
const CHROMIUM = process.env.CHROMIUM ?? (existsSync(DEBIAN) ? DEBIAN : undefined);
/** Nothing but the console is asked for. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];
const MFA = 'mfa.spec.ts';
const PICTURES_PORT = 29_791;
const isPictures = process.argv.some((argument) => argument.includes('pictures'));

/** Journeys go through a running stack; pictures are taken over planted answers of the API. */
export default defineConfig({
  forbidOnly: true,
  fullyParallel: true,
  retries: 0,
  // Journeys mostly wait for the stack.
  workers: isPictures ? 2 : 3,
  timeout: 120_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  outputDir: 'node_modules/.cache/playwright',
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
      args: [...QUIET, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    },
  },
  projects: [
    {
      name: 'journeys',
      testDir: 'journeys',
      testIgnore: ['pictures/**', 'performance/**', 'traffic/**', MFA],
      use: { baseURL: consoleAddress() },
    },
    {
      // It changes how everybody signs in, so it comes when nobody else does.
      name: 'mfa',
      testDir: 'journeys',
      testMatch: MFA,
      dependencies: ['journeys'],
      use: { baseURL: consoleAddress() },
    },
    {
      name: 'performance',
      testDir: 'journeys/performance',
      fullyParallel: false,
      use: { baseURL: consoleAddress() },
    },
    {
      name: 'traffic',
      testDir: 'journeys/traffic',
      use: { baseURL: consoleAddress() },
    },
    {
      name: 'pictures',
      testDir: 'journeys/pictures',
      use: { baseURL: `http://127.0.0.1:${PICTURES_PORT.toString()}` },
    },
  ],
  ...(isPictures
    ? {
        webServer: {
          command: `npm run preview -- --host 127.0.0.1 --port ${PICTURES_PORT.toString()} --strictPort`,
          port: PICTURES_PORT,
        },
      }
    : {}),
});
