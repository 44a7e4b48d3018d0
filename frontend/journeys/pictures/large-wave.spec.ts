import { expect, test, type Page } from '@playwright/test';

import type { Execution } from '../../src/api/types';
import { execution, sourceServer, wave } from '../../src/test/fixtures';
import { plant } from './api';

const SERVERS = 500;
const LOOKS = 6;
/** A page of the table. */
const ROWS = 25;
/** Five hundred rows would be ten thousand and more. */
const ELEMENTS = 3_000;
const LAUNCHED_PER_LOOK = 2;

/** A wave in which a few servers more have launched at each look. */
function progress(look: number): Execution {
  const servers = Array.from({ length: SERVERS }, (_, index) =>
    sourceServer(index + 1, {
      status: index < LAUNCHED_PER_LOOK * look ? 'LAUNCHED' : 'LAUNCHING',
      phase: index < LAUNCHED_PER_LOOK * look ? null : 'CONVERSION',
    }),
  );
  return execution({ version: look, waves: [wave('db', { name: 'Databases', status: 'LAUNCHING', servers })] });
}

/** The rows of the servers, each with how often something in it was drawn anew since. */
async function watchRows(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const drawn = new Set<Element>();
    Object.assign(window, { drawn });
    const table = document.querySelector('table[aria-label="Servers"]');
    if (table === null) {
      throw new Error('There is no table of servers.');
    }
    new MutationObserver((records) => {
      for (const { target } of records) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest('tr');
        if (row != null) {
          drawn.add(row);
        }
      }
    }).observe(table, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { drawn: Set<Element> }).drawn.size);
}

test('a look at a wave of 500 servers is one request, and draws the rows that changed and no other', async ({ page }) => {
  await plant(page, {});
  let looks = 0;
  await page.route('**/api/executions/execution-1', async (route) => {
    looks += 1;
    await route.fulfill({ json: progress(looks) });
  });
  await page.goto('/executions/execution-1');
  await expect(page.getByRole('heading', { level: 2, name: /^In progress Launching/ })).toBeVisible();
  await page.waitForLoadState('networkidle');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const first = looks;
  const drawn = await watchRows(page);
  await expect.poll(() => looks).toBeGreaterThan(first + LOOKS);
  const last = looks;
  await expect(page.getByText(`${(LAUNCHED_PER_LOOK * last).toString()} of 500 servers`).first()).toBeVisible();
  expect(new Set(asked)).toEqual(new Set(['/api/executions/execution-1']));
  expect(asked).toHaveLength(looks - first);
  expect(await page.locator('table[aria-label="Servers"] tbody tr').count()).toBe(ROWS);
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(ELEMENTS);
  expect(await drawn()).toBeLessThanOrEqual(LAUNCHED_PER_LOOK * (looks - first));
});
