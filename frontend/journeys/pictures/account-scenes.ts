/** The person's own account, and the second factor at the sign-in. */
import type { Page } from '@playwright/test';

import { CONFIGURED, type Answers } from './api';
import type { Scene } from './scenes';

const ACCOUNT = '/account';
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW';
const KEY: Answers = { 'cognito AssociateSoftwareToken': { SecretCode: SECRET, Session: 'session-2' } };
const ON: Answers = { 'cognito GetUser': { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] } };
const rule = (mfaConfiguration: string): Answers => ({ '/config.json': { ...CONFIGURED, mfaConfiguration } });
const challenge = (name: string): Answers => ({
  'cognito InitiateAuth': { ChallengeName: name, Session: 'session-1' },
  ...KEY,
});

const click = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).first().click();

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Email').fill('operator@example.com');
  await page.getByLabel('Password').fill('a password');
  await click('Sign in')(page);
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name });

export const ACCOUNT_SCENES: readonly Scene[] = [
  { name: 'account', path: ACCOUNT, shows: (page) => page.getByText('Off', { exact: true }) },
  { name: 'account-on', path: ACCOUNT, answers: ON, shows: (page) => page.getByText('On', { exact: true }) },
  { name: 'account-required', path: ACCOUNT, answers: { ...ON, ...rule('ON') }, shows: (page) => page.getByText('Everybody needs one.') },
  { name: 'account-none', path: ACCOUNT, answers: rule('OFF'), shows: (page) => page.getByText(/^Nobody has/) },
  { name: 'dialog-second-factor', path: ACCOUNT, answers: KEY, act: click('Turn on'), shows: heading('Set up the authenticator app') },
  { name: 'dialog-second-factor-off', path: ACCOUNT, answers: ON, act: click('Turn off'), shows: heading('Turn off the second factor') },
  {
    name: 'sign-in-code',
    path: '/sign-in',
    isSignedOut: true,
    answers: challenge('SOFTWARE_TOKEN_MFA'),
    act: signIn,
    shows: (page) => page.getByText('This account has a second factor.'),
  },
  {
    name: 'sign-in-set-up',
    path: '/sign-in',
    isSignedOut: true,
    answers: challenge('MFA_SETUP'),
    act: signIn,
    shows: (page) => page.getByRole('img', { name: /^QR code/ }),
  },
];
