import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import { idToken } from '../test/fixtures';
import { openSignedOut } from '../test/render';
import { server } from '../test/server';

type Input = { ChallengeName?: string; AuthParameters?: { USERNAME: string; PASSWORD: string } };

const TOKENS = {
  AuthenticationResult: {
    IdToken: idToken('a@example.com'),
    AccessToken: 'access-1',
    RefreshToken: 'refresh-1',
  },
};

function cognito(answer: (input: Input) => Response): Input[] {
  const inputs: Input[] = [];
  server.use(
    http.post('/cognito/', async ({ request }) => {
      const input = JSON.parse(await request.text()) as Input;
      inputs.push(input);
      return answer(input);
    }),
    http.get('/api/executions', () => HttpResponse.json({ items: [] })),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [] })),
  );
  return inputs;
}

async function signIn(password: string) {
  await userEvent.type(await screen.findByLabelText('Email'), 'a@example.com');
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

it('signs in and goes on to where the person wanted to go', async () => {
  const inputs = cognito(() => HttpResponse.json(TOKENS));
  const { router, services } = openSignedOut('/executions?status=FAILED');
  await services.session.restore();
  await signIn('secret');
  expect(await screen.findByText('No executions match')).toBeInTheDocument();
  expect(router.state.location.pathname + router.state.location.search).toBe(
    '/executions?status=FAILED',
  );
  expect(inputs).toEqual([
    {
      ClientId: 'client-1',
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'a@example.com', PASSWORD: 'secret' },
    },
  ]);
});

it('has one heading, and asks for what is missing before it sends anything', async () => {
  const { services } = openSignedOut('/sign-in?from=/executions');
  await services.session.restore();
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }));
  expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
  expect(screen.getByText('Enter your email.')).toBeInTheDocument();
  expect(screen.getByText('Enter your password.')).toBeInTheDocument();
  expect(screen.getByLabelText('Email')).toHaveFocus();
});

it('does not say whether it was the email or the password that was wrong', async () => {
  const body = { __type: 'NotAuthorizedException', message: 'Incorrect username or password.' };
  cognito(() => HttpResponse.json(body, { status: 400 }));
  const { services } = openSignedOut('/sign-in?from=/executions');
  await services.session.restore();
  await signIn('wrong');
  expect(await screen.findByText('The email or the password is wrong.')).toBeInTheDocument();
});

it('takes a new password in place of one that works once', async () => {
  const inputs = cognito((input) =>
    HttpResponse.json(
      input.ChallengeName === undefined
        ? { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 'session-1' }
        : TOKENS,
    ),
  );
  const { services } = openSignedOut('/sign-in?from=/executions');
  await services.session.restore();
  await signIn('temporary');
  await userEvent.type(await screen.findByLabelText('New password'), 'my own');
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByText('No executions yet')).toBeInTheDocument();
  expect(inputs[1]).toEqual({
    ClientId: 'client-1',
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: 'session-1',
    ChallengeResponses: { USERNAME: 'a@example.com', NEW_PASSWORD: 'my own' },
  });
});

it('asks for the code of an account with a second factor', async () => {
  const inputs = cognito((input) =>
    HttpResponse.json(
      input.ChallengeName === undefined
        ? { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 'session-1' }
        : TOKENS,
    ),
  );
  const { services } = openSignedOut('/sign-in?from=/executions');
  await services.session.restore();
  await signIn('secret');
  await userEvent.type(await screen.findByLabelText('Code from your authenticator'), '123456');
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByText('No executions yet')).toBeInTheDocument();
  expect(inputs[1]).toMatchObject({
    ChallengeResponses: { USERNAME: 'a@example.com', SOFTWARE_TOKEN_MFA_CODE: '123456' },
  });
});

it('leads back to the password when the question was left alone for too long', async () => {
  const ended = { __type: 'NotAuthorizedException', message: 'Invalid session for the user, session is expired.' };
  cognito((input) =>
    input.ChallengeName === undefined
      ? HttpResponse.json({ ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 'session-1' })
      : HttpResponse.json(ended, { status: 400 }),
  );
  const { services } = openSignedOut('/sign-in?from=/executions');
  await services.session.restore();
  await signIn('secret');
  const code = await screen.findByLabelText('Code from your authenticator');
  await userEvent.type(code, '12345{Enter}');
  expect(screen.getByText('Enter the six digits that the app shows.')).toBeInTheDocument();
  await userEvent.type(code, '6{Enter}');
  expect(await screen.findByText(/^This took too long/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Back to sign-in' }));
  expect(await screen.findByLabelText('Password')).toHaveValue('');
});

it('says which question it cannot answer', async () => {
  cognito(() => HttpResponse.json({ ChallengeName: 'SELECT_MFA_TYPE', Session: 's' }));
  const { services } = openSignedOut('/sign-in?from=/executions');
  await services.session.restore();
  await signIn('secret');
  expect(await screen.findByText('This console cannot answer the challenge SELECT_MFA_TYPE.')).toBeVisible();
});

it('shows the key of a second factor that is wanted, and takes a code as its proof', async () => {
  const inputs: unknown[] = [];
  const answers: Record<string, unknown> = {
    InitiateAuth: { ChallengeName: 'MFA_SETUP', Session: 's-1' },
    AssociateSoftwareToken: { SecretCode: 'JBSWY3DP', Session: 's-2' },
    VerifySoftwareToken: { Session: 's-3', Status: 'SUCCESS' },
    RespondToAuthChallenge: TOKENS,
  };
  cognito(() => HttpResponse.json({}));
  server.use(
    http.post('/cognito/', async ({ request }) => {
      const operation = request.headers.get('X-Amz-Target')?.split('.')[1] ?? '';
      inputs.push([operation, JSON.parse(await request.text())]);
      return HttpResponse.json(answers[operation] as object);
    }),
  );
  const { services } = openSignedOut('/sign-in?from=/executions');
  await services.session.restore();
  await signIn('secret');
  expect(await screen.findByText('JBSWY3DP')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText('Code from your authenticator'), '123456');
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByText('No executions yet')).toBeInTheDocument();
  expect(inputs.slice(2)).toMatchObject([
    ['VerifySoftwareToken', { Session: 's-2', UserCode: '123456' }],
    ['RespondToAuthChallenge', { ChallengeName: 'MFA_SETUP', Session: 's-3' }],
  ]);
});

it('sets a new password with a code from the email, and leads back to the sign-in', async () => {
  const operations: (string | null)[] = [];
  const bodies: unknown[] = [];
  server.use(
    http.post('/cognito/', async ({ request }) => {
      operations.push(request.headers.get('X-Amz-Target')?.split('.')[1] ?? null);
      bodies.push(JSON.parse(await request.text()));
      return HttpResponse.json({});
    }),
  );
  const { services } = openSignedOut('/sign-in');
  await services.session.restore();
  await userEvent.click(await screen.findByRole('button', { name: 'Forgot your password?' }));
  await userEvent.type(screen.getByLabelText('Email'), 'a@example.com');
  await userEvent.click(screen.getByRole('button', { name: 'Send code' }));
  await userEvent.type(await screen.findByLabelText('Code from the email'), '654321');
  await userEvent.type(screen.getByLabelText('New password'), 'my own');
  await userEvent.click(screen.getByRole('button', { name: 'Set new password' }));
  expect(await screen.findByText('The new password is set. Sign in with it.')).toBeInTheDocument();
  expect(operations).toEqual(['ForgotPassword', 'ConfirmForgotPassword']);
  expect(bodies[1]).toEqual({
    ClientId: 'client-1',
    Username: 'a@example.com',
    ConfirmationCode: '654321',
    Password: 'my own',
  });
});
