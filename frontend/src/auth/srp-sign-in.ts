/**
 * Signing in by proving the password (SRP): it never leaves the browser. The library keeps
 * state of its own, so it gets a store that lasts for one sign-in and is read once at its end.
 */
import {
  cognitoUserPoolsTokenProvider,
  confirmSignIn,
  signIn,
  type ConfirmSignInOutput,
} from '@aws-amplify/auth/cognito';
import { Amplify } from '@aws-amplify/core';

import type { SignInStep, Tokens, UserPool } from './cognito';
import { SignInError, signInError } from './cognito-error';

type Outcome = ConfirmSignInOutput['nextStep'];

export async function signInWithProof(
  pool: UserPool,
  email: string,
  password: string,
): Promise<SignInStep> {
  const store = new Map<string, string>();
  configure(pool, store);
  return next({ store, email }, () =>
    signIn({ username: email, password, options: { authFlowType: 'USER_SRP_AUTH' } }),
  );
}

function configure(pool: UserPool, store: Map<string, string>): void {
  const config = {
    Cognito: {
      userPoolId: pool.userPoolId,
      userPoolClientId: pool.userPoolClientId,
      userPoolEndpoint: new URL(pool.endpoint, window.location.href).href,
    },
  };
  cognitoUserPoolsTokenProvider.setAuthConfig(config);
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: (key) => Promise.resolve(store.get(key) ?? null),
    setItem: (key, value) => {
      store.set(key, value);
      return Promise.resolve();
    },
    removeItem: (key) => {
      store.delete(key);
      return Promise.resolve();
    },
    clear: () => {
      store.clear();
      return Promise.resolve();
    },
  });
  Amplify.configure({ Auth: config }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
}

type Attempt = { store: Map<string, string>; email: string };

/** One exchange with the library, as the step that it leads to. */
async function next(
  attempt: Attempt,
  exchange: () => Promise<{ nextStep: Outcome }>,
): Promise<SignInStep> {
  let outcome: Outcome;
  try {
    outcome = (await exchange()).nextStep;
  } catch (failure) {
    throw errorOf(failure);
  }
  const answer = (challengeResponse: string) =>
    next(attempt, () => confirmSignIn({ challengeResponse }));
  switch (outcome.signInStep) {
    case 'DONE':
      return { kind: 'DONE', tokens: takeTokens(attempt.store) };
    case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
      return { kind: 'NEW_PASSWORD', answer };
    case 'CONFIRM_SIGN_IN_WITH_TOTP_CODE':
      return { kind: 'CODE', answer };
    case 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP':
      return {
        kind: 'SET_UP',
        email: attempt.email,
        secret: outcome.totpSetupDetails.sharedSecret,
        answer,
      };
    default:
      throw new SignInError(
        'UNKNOWN_CHALLENGE',
        `This console cannot answer the challenge ${outcome.signInStep}.`,
      );
  }
}

function takeTokens(store: Map<string, string>): Tokens {
  const stored = (name: string) => [...store].find(([key]) => key.endsWith(`.${name}`))?.[1];
  const idToken = stored('idToken');
  const accessToken = stored('accessToken');
  const refreshToken = stored('refreshToken');
  store.clear();
  if (idToken === undefined || accessToken === undefined) {
    throw new SignInError('NO_TOKENS', 'The sign-in service sent no token.');
  }
  return { idToken, accessToken, refreshToken };
}

function errorOf(failure: unknown): SignInError {
  if (!(failure instanceof Error)) {
    return new SignInError('UNKNOWN', 'Signing in failed without a reason.');
  }
  return failure.name === 'NetworkError'
    ? new SignInError('UNREACHABLE', 'The sign-in service could not be reached.')
    : signInError(failure.name, failure.message);
}
