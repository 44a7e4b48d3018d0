import { button, expect, signIn, test } from './journey';
import { userOf } from './stack';

/** Cognito's way to say that a password or a token is refused. */
test.use({ provoked: /HTTP 400: .*\/cognito\/$|status of 400/ });

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

test('who leaves the screen is asked, and then signed out', async ({ page }) => {
  await page.clock.install();
  await signIn(page, 'viewer', '/recovery-plans');
  await page.clock.fastForward('28:30');
  const question = page.getByRole('dialog', { name: 'Are you still there?' });
  await question.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(question).toBeHidden();
  await page.clock.fastForward('28:30');
  await expect(question).toBeVisible();
  await page.clock.fastForward('02:00');
  await expect(page.getByText('You were signed out because nothing was done here')).toBeVisible();
  await page.goto('/recovery-plans');
  await expect(page.getByLabel('Email')).toBeVisible();
});
