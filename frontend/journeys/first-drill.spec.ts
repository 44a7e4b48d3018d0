import type { Page } from '@playwright/test';

import { button, dialog, expect, signIn, test, verdict } from './journey';

test.describe.configure({ timeout: 300_000 });

async function makeGroup(page: Page, name: string, hostnames: string[]) {
  await page.goto('/protection-groups/new');
  await page.getByLabel('Name').fill(name);
  for (const hostname of hostnames) {
    await page.getByRole('checkbox', { name: `Select ${hostname}` }).check();
  }
  await page.getByLabel(/How drills of this group are isolated/).fill('Only a simulator.');
  await button(page, 'Create protection group').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
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
  await makeGroup(page, 'First databases', ['db-01', 'db-02']);
  await makeGroup(page, 'First web', ['web-01', 'web-02']);
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
