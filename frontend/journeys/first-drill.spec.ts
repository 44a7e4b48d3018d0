import type { Page } from '@playwright/test';

import { button, dialog, expect, signIn, test, verdict } from './journey';

test.describe.configure({ timeout: 180_000 });

async function makeGroup(page: Page, name: string, tier: string) {
  await page.goto('/protection-groups/new');
  await page.getByLabel('Name').fill(name);
  for (const hostname of [`${tier}-01`, `${tier}-02`]) {
    // What the filter hides stays chosen.
    await page.getByLabel('Filter source servers').fill(hostname);
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: `Select ${hostname}` }).check();
    await button(page, 'Clear filters').click();
  }
  await page.getByLabel(/How drills of this group are isolated/).fill('Only a simulator.');
  await button(page, 'Create protection group').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText(`${tier}-02`)).toBeVisible();
}

async function makePlan(page: Page) {
  await page.goto('/recovery-plans/new');
  await page.getByLabel('Name').fill('First shop');
  await button(page, 'Next').click();
  await page.getByLabel('Wave name').fill('Databases');
  await button(page, /Protection groups/).click();
  await page.getByRole('option', { name: /First databases/ }).click();
  await page.keyboard.press('Escape');
  await button(page, 'Add wave').click();
  await page.getByLabel('Wave name').nth(1).fill('Web');
  await button(page, /Protection groups/).nth(1).click();
  await page.getByRole('option', { name: /First web/ }).click();
  await page.keyboard.press('Escape');
  await button(page, 'Next').click();
  await expect(page.getByRole('img', { name: /Web starts after Databases: 2 servers/ })).toBeVisible();
  await page.getByRole('checkbox', { name: /of Web/ }).check();
  await button(page, 'Next').click();
  await button(page, 'Next').click();
  await button(page, 'Create recovery plan').click();
  await expect(page.getByRole('heading', { level: 1, name: 'First shop' })).toBeVisible();
}

test('a stranger makes groups and a plan, watches a drill to its end, and cleans up', async ({ page, api }) => {
  await api.clear('First ');
  await signIn(page, 'drill-operator');
  await makeGroup(page, 'First databases', 'db');
  await makeGroup(page, 'First web', 'web');
  await makePlan(page);

  await button(page, 'Start drill').click();
  await expect(dialog(page)).toContainText('4 servers in account');
  await expect(dialog(page)).toContainText('First web: Only a simulator.');
  await dialog(page).getByRole('button', { name: 'Start drill on 4 servers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Drill of First shop' })).toBeVisible();

  await verdict(page, 'Held at the gate before Web');
  await button(page, 'Open gate before Web').click();
  await dialog(page).getByRole('button', { name: 'Resume' }).click();
  await verdict(page, 'Completed: all 4 servers launched');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await expect(page.getByRole('img', { name: /^Timeline from/ })).toBeVisible();
  await page.getByRole('tab', { name: 'Job events' }).click();
  await expect(page.getByText('Launch ended').first()).toBeVisible();

  await button(page, 'Terminate instances').click();
  await dialog(page).getByLabel(/Type the plan's name/).fill('First shop');
  await dialog(page).getByRole('button', { name: 'Terminate 4 instances' }).click();
  await verdict(page, /Cleaned up: nothing is left/);
});

test('where DRS is not initialised, a new group says so', async ({ page }) => {
  await signIn(page, 'drill-operator', '/protection-groups/new');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByLabel('Region').fill('eu-west-1');
  await page.keyboard.press('Enter');
  await expect(page.getByText('DRS is not initialised here')).toBeVisible();
});
