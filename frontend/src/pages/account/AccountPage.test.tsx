import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it } from 'vitest';

import { CONFIGURATION, idToken } from '../../test/fixtures';
import { open } from '../../test/render';
import { server } from '../../test/server';

type Answer = object | (() => Response);
type Answers = Record<string, Answer | undefined>;

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const ON = { Username: 'a', UserAttributes: [], UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] };
const OFF = { Username: 'a', UserAttributes: [] };
const TOKENS = {
  AuthenticationResult: { IdToken: idToken('operator@example.com'), AccessToken: 'access-2' },
};
const refused = (code: string, message: string) => () =>
  HttpResponse.json({ __type: code, message }, { status: 400 });

let calls: [string, Record<string, unknown>][];
beforeEach(() => {
  calls = [];
});

/** Cognito by what each operation answers; what is left out answers with nothing in it. */
function cognito(answers: Answers): Answers {
  server.use(
    http.post('/cognito/', async ({ request }) => {
      const operation = request.headers.get('X-Amz-Target')?.split('.')[1] ?? '';
      calls.push([operation, JSON.parse(await request.text()) as Record<string, unknown>]);
      const answer = answers[operation] ?? {};
      return typeof answer === 'function' ? (answer as () => Response)() : HttpResponse.json(answer);
    }),
  );
  return answers;
}

const press = async (name: string) => {
  await userEvent.click(await screen.findByRole('button', { name }));
};
const dialog = async (name: string) => within(await screen.findByRole('dialog', { name }));
const sent = (operation: string) => calls.filter(([name]) => name === operation).map(([, input]) => input);

async function confirmed(title: string, button: string) {
  const question = await dialog(title);
  await userEvent.type(question.getByLabelText('Password'), 'my own');
  await userEvent.type(question.getByLabelText('Code from your authenticator'), '654 321');
  await userEvent.click(question.getByRole('button', { name: button }));
}

it('turns the second factor on with a code, and only then', async () => {
  const answers = cognito({
    GetUser: OFF,
    AssociateSoftwareToken: { SecretCode: SECRET },
    VerifySoftwareToken: refused('EnableSoftwareTokenMFAException', 'Code mismatch'),
  });
  open('/account');
  await press('Turn on');
  const setUp = await dialog('Set up the authenticator app');
  expect(setUp.getByText(SECRET)).toBeVisible();
  expect(setUp.getByRole('img', { name: /^QR code/ })).toBeVisible();
  await userEvent.click(setUp.getByRole('button', { name: 'Turn on' }));
  expect(setUp.getByText('Enter the six digits that the app shows.')).toBeVisible();
  expect(sent('VerifySoftwareToken')).toEqual([]);
  await userEvent.type(setUp.getByLabelText('Code from your authenticator'), '123 456{Enter}');
  expect(await setUp.findByText('The code is wrong.')).toBeVisible();
  expect(sent('SetUserMFAPreference')).toEqual([]);
  answers.VerifySoftwareToken = { Status: 'SUCCESS' };
  answers.GetUser = ON;
  await userEvent.click(setUp.getByRole('button', { name: 'Turn on' }));
  expect(await screen.findByText('On')).toBeVisible();
  expect(screen.getByText('The second factor is on. The next sign-in asks for a code.')).toBeVisible();
  expect(screen.queryByText(SECRET)).not.toBeInTheDocument();
  expect(sent('VerifySoftwareToken').at(-1)).toEqual({ AccessToken: 'access-1', UserCode: '123456' });
  expect(sent('SetUserMFAPreference')).toEqual([
    { AccessToken: 'access-1', SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } },
  ]);
});

it('goes on after the proof where the network was lost in between', async () => {
  const answers = cognito({
    GetUser: OFF,
    AssociateSoftwareToken: { SecretCode: SECRET },
    VerifySoftwareToken: { Status: 'SUCCESS' },
    SetUserMFAPreference: () => HttpResponse.error(),
  });
  open('/account');
  await press('Turn on');
  const setUp = await dialog('Set up the authenticator app');
  await userEvent.type(setUp.getByLabelText('Code from your authenticator'), '123456{Enter}');
  expect(await setUp.findByText('The sign-in service could not be reached.')).toBeVisible();
  answers.SetUserMFAPreference = {};
  answers.GetUser = ON;
  await userEvent.click(setUp.getByRole('button', { name: 'Turn on' }));
  expect(await screen.findByText('On')).toBeVisible();
  expect(sent('VerifySoftwareToken')).toHaveLength(1);
});

it('says why no key came, and shows none', async () => {
  cognito({ GetUser: OFF, AssociateSoftwareToken: refused('SoftwareTokenMFANotFoundException', 'x') });
  open('/account');
  await press('Turn on');
  expect(await screen.findByText(/There is no second factor to use here/)).toBeVisible();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

it('is turned off by password and code together, and by nothing less', async () => {
  const answers = cognito({
    GetUser: ON,
    InitiateAuth: { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 'session-1' },
    RespondToAuthChallenge: refused('ExpiredCodeException', 'Your software token has already been used once.'),
  });
  open('/account');
  await press('Turn off');
  const question = await dialog('Turn off the second factor');
  await userEvent.click(question.getByRole('button', { name: 'Turn off' }));
  expect(question.getByText('Enter your password.')).toBeVisible();
  expect(sent('InitiateAuth')).toEqual([]);
  await confirmed('Turn off the second factor', 'Turn off');
  expect(await question.findByText('This code was used already. Wait for the next one.')).toBeVisible();
  expect(sent('SetUserMFAPreference')).toEqual([]);
  answers.RespondToAuthChallenge = TOKENS;
  answers.GetUser = OFF;
  await userEvent.click(question.getByRole('button', { name: 'Turn off' }));
  expect(await screen.findByText('Off')).toBeVisible();
  expect(sent('RespondToAuthChallenge').at(-1)).toMatchObject({
    ChallengeResponses: { USERNAME: 'operator@example.com', SOFTWARE_TOKEN_MFA_CODE: '654321' },
  });
  expect(sent('SetUserMFAPreference')).toEqual([
    { AccessToken: 'access-2', SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false } },
  ]);
});

it('moves to another device only for whoever has password and old device', async () => {
  cognito({
    GetUser: ON,
    InitiateAuth: { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 'session-1' },
    RespondToAuthChallenge: TOKENS,
    AssociateSoftwareToken: { SecretCode: SECRET },
  });
  open('/account');
  await press('Use another device');
  expect(sent('AssociateSoftwareToken')).toEqual([]);
  await confirmed('Use another device', 'Continue');
  expect((await dialog('Set up the authenticator app')).getByText(SECRET)).toBeVisible();
  expect(sent('AssociateSoftwareToken')).toEqual([{ AccessToken: 'access-2' }]);
});

it('that an administrator has changed meanwhile is signed in anew first', async () => {
  cognito({ GetUser: ON, InitiateAuth: { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 's' } });
  open('/account');
  await press('Turn off');
  await confirmed('Turn off the second factor', 'Turn off');
  expect(await screen.findByText(/An administrator has changed this account/)).toBeVisible();
  expect(sent('SetUserMFAPreference')).toEqual([]);
});

it('cannot be turned off where everybody needs one, and says so', async () => {
  cognito({ GetUser: OFF });
  open('/account', { ...CONFIGURATION, mfaConfiguration: 'ON' });
  expect(await screen.findByText('On')).toBeVisible();
  const button = screen.getByRole('button', { name: 'Turn off' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByText('Everybody needs one.')).toBeVisible();
});

it('is not offered where nobody has one', async () => {
  open('/account', { ...CONFIGURATION, mfaConfiguration: 'OFF' });
  expect(await screen.findByText(/^Nobody has a second factor/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Turn on' })).not.toBeInTheDocument();
});

it('tells of a failed look, and looks again when asked', async () => {
  const answers = cognito({ GetUser: () => HttpResponse.error() });
  open('/account');
  expect(await screen.findByText('The sign-in service could not be reached.')).toBeVisible();
  answers.GetUser = ON;
  await press('Try again');
  expect(await screen.findByText('On')).toBeVisible();
});

it('ends a session that Cognito has ended, and comes back after the sign-in', async () => {
  cognito({ GetUser: refused('NotAuthorizedException', 'Access Token has been revoked') });
  const { router } = open('/account');
  expect(await screen.findByText('Your session has ended. Sign in again.')).toBeVisible();
  expect(router.state.location.pathname + router.state.location.search).toBe(
    '/sign-in?from=%2Faccount',
  );
});

it('is reached from the menu of the person, and says who that is', async () => {
  cognito({ GetUser: OFF });
  const { router } = open('/nowhere');
  await userEvent.click(await screen.findByRole('button', { name: /operator@example.com/ }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Your account' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Your account' })).toBeVisible();
  expect(router.state.location.pathname).toBe('/account');
  const main = within(screen.getByRole('main'));
  expect(await main.findByText('drill-operator, recovery-manager')).toBeVisible();
  expect(await main.findByText('Off')).toBeVisible();
});
