/**
 * The second factor, and the sign-in by a proof of the password (SRP), as every stack in an account
 * has it. The stack is changed for that, so nothing else goes through it meanwhile.
 */
import type { Page } from '@playwright/test';

import { Administrator } from './administrator';
import { Authenticator } from './authenticator';
import { button, expect, test } from './journey';
import { stack } from './stack';

const OPTIONAL = 'second-factor@example.com';
const REQUIRED = 'required-factor@example.com';
const TEMPORARY = 'Only-for-the-first-time-1';
const PASSWORD = 'Only-for-this-journey-1';
const CODE = 'Code from your authenticator';

/** Cognito's way to say that a code is refused. */
test.use({ provoked: /HTTP 400: .*\/cognito\/$|status of 400/ });
test.describe.configure({ mode: 'serial', timeout: 300_000 });

let before: Record<string, string> = {};
test.beforeAll(async ({ request }) => {
  before = await new Administrator(request).parameters();
});
test.afterAll(async ({ request }) => {
  const administrator = new Administrator(request);
  await administrator.remove(OPTIONAL);
  await administrator.remove(REQUIRED);
  const { MfaConfiguration = 'OPTIONAL', AllowPasswordSignIn = 'true' } = before;
  await administrator.update({ MfaConfiguration, AllowPasswordSignIn });
});

/** Notes what is sent to Cognito: the password is never in it, but where a person sets a new one. */
function listen(page: Page): string[] {
  const flows: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/cognito/')) {
      const body = JSON.parse(request.postData() ?? '{}') as { AuthFlow?: string; ChallengeName?: string };
      flows.push(body.AuthFlow ?? body.ChallengeName ?? '');
      const isNew = body.ChallengeName === 'NEW_PASSWORD_REQUIRED';
      expect(isNew || !(request.postData() ?? '').includes(PASSWORD)).toBe(true);
    }
  });
  return flows;
}

async function giveThePassword(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in?from=/account');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
}

const onAccount = (page: Page) =>
  expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible();

async function signOut(page: Page): Promise<void> {
  await button(page, /@example.com/).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
}

/** The key as it is shown for typing. */
async function keyOf(page: Page): Promise<Authenticator> {
  await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible();
  return new Authenticator(await page.getByText(/^[A-Z2-7]{32,}$/).innerText());
}

test('who wants to turns a second factor on, signs in by SRP with it, and turns it off', async ({ page, request }) => {
  const administrator = new Administrator(request);
  await administrator.update({ MfaConfiguration: 'OPTIONAL', AllowPasswordSignIn: 'false' });
  expect(await administrator.configuration()).toMatchObject({ signIn: 'SRP', mfaConfiguration: 'OPTIONAL' });
  await administrator.invite(OPTIONAL, TEMPORARY, 'viewer');
  const flows = listen(page);

  await giveThePassword(page, OPTIONAL, TEMPORARY);
  await page.getByLabel('New password').fill(PASSWORD);
  await button(page, 'Continue').click();
  await onAccount(page);
  await expect(page.getByText('Off', { exact: true })).toBeVisible();
  await button(page, 'Turn on').click();
  const phone = await keyOf(page);
  const setUp = page.getByRole('dialog', { name: 'Set up the authenticator app' });
  await setUp.getByLabel(CODE).fill(phone.wrongCode());
  await setUp.getByRole('button', { name: 'Turn on' }).click();
  await expect(setUp.getByText('The code is wrong.')).toBeVisible();
  await setUp.getByLabel(CODE).fill(await phone.code());
  await setUp.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByText('On', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('On', { exact: true })).toBeVisible();
  await signOut(page);

  await giveThePassword(page, OPTIONAL, PASSWORD);
  await page.getByLabel(CODE).fill(phone.usedCode());
  await button(page, 'Continue').click();
  await expect(page.getByText('This code was used already. Wait for the next one.').first()).toBeVisible();
  await page.getByLabel(CODE).fill(await phone.code());
  await page.getByLabel(CODE).press('Enter');
  await onAccount(page);

  await button(page, 'Turn off').click();
  const question = page.getByRole('dialog', { name: 'Turn off the second factor' });
  await question.getByLabel('Password').fill(PASSWORD);
  await question.getByLabel(CODE).fill(await phone.code());
  await question.getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByText('Off', { exact: true })).toBeVisible();
  await signOut(page);
  await giveThePassword(page, OPTIONAL, PASSWORD);
  await onAccount(page);

  expect(new Set(flows)).toContain('USER_SRP_AUTH');
  expect(flows).not.toContain('USER_PASSWORD_AUTH');
});

test('where everybody needs one, an invited person is led through the set-up, and a lost device to another', async ({ page, request }) => {
  const administrator = new Administrator(request);
  await administrator.update({ MfaConfiguration: 'ON', AllowPasswordSignIn: 'false' });
  expect(await administrator.configuration()).toMatchObject({ signIn: 'SRP', mfaConfiguration: 'ON' });
  await administrator.invite(REQUIRED, TEMPORARY, 'viewer');
  const flows = listen(page);

  await giveThePassword(page, REQUIRED, TEMPORARY);
  await page.getByLabel('New password').fill(PASSWORD);
  await button(page, 'Continue').click();
  const phone = await keyOf(page);
  await page.getByLabel(CODE).fill(phone.wrongCode());
  await button(page, 'Continue').click();
  await expect(page.getByText('The code is wrong.').first()).toBeVisible();
  await page.getByLabel(CODE).fill(await phone.code());
  await button(page, 'Continue').click();
  await onAccount(page);
  await expect(page.getByText('Everybody needs one.')).toBeVisible();
  await expect(button(page, 'Turn off')).toBeDisabled();
  await signOut(page);

  await giveThePassword(page, REQUIRED, PASSWORD);
  await page.getByLabel(CODE).fill(await phone.code());
  await button(page, 'Continue').click();
  await onAccount(page);
  await signOut(page);

  expect(await administrator.cognito('AdminDeleteSoftwareToken', REQUIRED)).toBe('');
  await giveThePassword(page, REQUIRED, PASSWORD);
  const another = await keyOf(page);
  await page.getByLabel(CODE).fill(await another.code());
  await button(page, 'Continue').click();
  await onAccount(page);

  expect(flows.filter((flow) => flow === 'USER_SRP_AUTH')).toHaveLength(3);
  expect(flows).not.toContain('USER_PASSWORD_AUTH');
});

test('an invitation has an address that leads to the console', async ({ request }) => {
  const administrator = new Administrator(request);
  const invitation = await administrator.invitation();
  const address = new URL(/https:\/\/\S+/.exec(invitation)?.[0] ?? '');
  // The emulator answers for the hosts of AWS by their names.
  const answer = await request.get(`${stack().awsEndpointUrl}${address.pathname}`, {
    headers: { Host: address.host },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(302);
  const { ConsoleUrl: consoleUrl } = await administrator.outputs();
  expect(answer.headers().location).toBe(`${consoleUrl ?? ''}/`);
  expect(invitation).toContain('{username}');
  expect(invitation).toContain('{####}');
});

test('a password that is sent as it is lets nobody in', async ({ request }) => {
  const administrator = new Administrator(request);
  const { userPoolClientId, signIn } = await administrator.configuration();
  expect(signIn).toBe('SRP');
  const refusal = await administrator.cognito('InitiateAuth', REQUIRED, {
    ClientId: userPoolClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: REQUIRED, PASSWORD },
  });
  expect(refusal).toBe('InvalidParameterException');
});
