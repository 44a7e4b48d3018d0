import { button, expect, signIn, test } from './journey';
import { userOf } from './stack';

test.use({ provoked: /400/ });

test('a deep link survives the sign-in, and signing out ends the session', async ({ page }) => {
  await page.goto('/executions?status=FAILED');
  await page.getByLabel('Email').fill(userOf('viewer').username);
  await page.getByLabel('Password').fill('not-the-password');
  await button(page, 'Sign in').click();
  await expect(page.getByText('The email or the password is wrong.').first()).toBeVisible();
  await page.getByLabel('Password').fill(userOf('viewer').password);
  await button(page, 'Sign in').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Executions' })).toBeVisible();
  expect(page.url()).toContain('/executions?status=FAILED');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Executions' })).toBeVisible();
  await button(page, /viewer@example.com/).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
  await page.goto('/executions');
  await expect(page.getByLabel('Email')).toBeVisible();
});

test('a session whose token can no longer be renewed leads to the sign-in and back', async ({ page }) => {
  await signIn(page, 'viewer', '/protection-groups');
  await page.evaluate(() => {
    window.sessionStorage.setItem('drs-orchestration.refresh-token', 'worthless');
  });
  await page.reload();
  await expect(page.getByText('Your session has ended. Sign in again.')).toBeVisible();
  await page.getByLabel('Email').fill(userOf('viewer').username);
  await page.getByLabel('Password').fill(userOf('viewer').password);
  await button(page, 'Sign in').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Protection groups' })).toBeVisible();
});
