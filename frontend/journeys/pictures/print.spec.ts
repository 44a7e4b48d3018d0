import { expect, test } from '@playwright/test';

import { SITUATIONS } from '../../src/test/situations';
import { plant } from './api';

const { PICTURES } = process.env;
/** A4 at 96 dots an inch, less its margins. */
const PAPER = { width: 718, height: 1_046 };

test('an execution on paper has what happened, and nothing that can be pressed', async ({ page }) => {
  await plant(page, { '/api/executions/execution-1': SITUATIONS['failure-hold'] });
  await page.setViewportSize(PAPER);
  await page.goto('/executions/execution-1');
  await expect(page.getByRole('heading', { level: 2, name: /Held after a failure/ })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.emulateMedia({ media: 'print' });
  if (PICTURES !== undefined) {
    await page.screenshot({ path: `${PICTURES}/execution.print.png`, fullPage: true });
  }
  await expect(page.getByRole('heading', { level: 1, name: 'Recovery of Shop' })).toBeVisible();
  for (const text of [
    /^RECOVERY in account 111122223333/,
    'Held after a failure in Databases',
    'Somebody who may run recoveries: launch the failed servers again (retry), go on without them, or cancel.',
    /^DRS was last seen/,
    /A person must retry, skip or resume/,
    /host-4 \(s-0+4\): LAUNCH_FAILED: the instance type has no capacity\./,
    's-00000000000000009',
    'i-00000000000000003',
    'Started by',
  ]) {
    await expect(page.getByText(text).filter({ visible: true }).first()).toBeVisible();
  }
  await expect(page.getByRole('img', { name: /Application starts after Databases/ })).toBeVisible();
  await expect(page.locator('button, input').filter({ visible: true })).toHaveCount(0);
  await expect(page.getByRole('tab').or(page.getByRole('navigation')).or(page.getByRole('searchbox'))).toHaveCount(0);
  await expect(page.locator('#top-bar')).toBeHidden();
  const cut = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('td, div:has(> table)')]
      .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.textContent),
  );
  expect(cut).toEqual([]);
  const age = await page.locator('time').first().evaluate((time) => getComputedStyle(time, '::after').content);
  expect(age).toBe('" (23 Nov 2026, 10:12:00 UTC)"');
});
