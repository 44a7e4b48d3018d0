import { defineConfig } from '@playwright/test';

import { consoleAddress } from './journeys/stack';

const PICTURES_PORT = 29_791;
const isPictures = process.argv.some((argument) => argument.includes('pictures'));

/** Journeys go through a running stack; pictures are taken over planted answers of the API. */
export default defineConfig({
  forbidOnly: true,
  fullyParallel: false,
  retries: 0,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  outputDir: 'node_modules/.cache/playwright',
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    },
  },
  projects: [
    {
      name: 'journeys',
      testDir: 'journeys',
      testIgnore: 'pictures/**',
      use: { baseURL: consoleAddress() },
    },
    {
      name: 'pictures',
      testDir: 'journeys/pictures',
      fullyParallel: true,
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
