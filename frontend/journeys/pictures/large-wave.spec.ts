import { expect, test } from '@playwright/test';

import type { Execution } from '../../src/api/types';
import { execution, sourceServer, wave } from '../../src/test/fixtures';
import { plant } from './api';

const SERVERS = 500;
const LOOKS = 6;
const LONGEST_TASK_MS = 200;

/** A wave in which a few servers more have launched at each look. */
function progress(look: number): Execution {
  const servers = Array.from({ length: SERVERS }, (_, index) =>
    sourceServer(index + 1, { status: index < 20 * look ? 'LAUNCHED' : 'LAUNCHING', phase: 'CONVERSION' }),
  );
  return execution({ version: look, waves: [wave('db', { name: 'Databases', status: 'LAUNCHING', servers })] });
}

test('the page of a wave of 500 servers stays responsive while it is looked at', async ({ page }) => {
  await plant(page, {});
  let looks = 0;
  await page.route('**/api/executions/execution-1', async (route) => {
    looks += 1;
    await route.fulfill({ json: progress(looks) });
  });
  await page.goto('/executions/execution-1');
  await expect(page.getByRole('heading', { level: 2, name: /^In progress Launching/ })).toBeVisible();
  await page.evaluate(() => {
    const lengths: number[] = [];
    Object.assign(window, { lengths });
    new PerformanceObserver((list) => {
      lengths.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
  });
  await expect.poll(() => looks).toBeGreaterThan(LOOKS);
  await expect(page.getByText(/of 500 launched/).first()).toBeVisible();
  const lengths = await page.evaluate(() => (window as unknown as { lengths: number[] }).lengths);
  test.info().annotations.push({ type: 'long tasks', description: lengths.join(', ') });
  expect(Math.max(0, ...lengths)).toBeLessThan(LONGEST_TASK_MS);
});
