/** Cognito's own calls that need no library. */
import { SignInError, signInError } from './cognito-error';

/** Where and for which client a person signs in. */
export type UserPool = { endpoint: string; userPoolId: string; userPoolClientId: string };

/** The ID token is for our API, the access token for what a person changes at Cognito. */
export type Tokens = { idToken: string; accessToken: string; refreshToken: string | undefined };

/** Signing in goes on until the tokens are there; each step but the last asks for something. */
export type SignInStep =
  | { kind: 'DONE'; tokens: Tokens }
  | { kind: 'NEW_PASSWORD'; answer: (password: string) => Promise<SignInStep> }
  | { kind: 'CODE'; answer: (code: string) => Promise<SignInStep> }
  | { kind: 'SET_UP'; email: string; secret: string; answer: (code: string) => Promise<SignInStep> };

/** One call in the name of our client. */
export async function callCognito(
  pool: UserPool,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  return callPlainly(pool, operation, { ClientId: pool.userPoolClientId, ...input });
}

/** One call; Cognito names the operation in a header and the error in the body. */
export async function callPlainly(
  pool: UserPool,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(pool.endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(input),
    });
  } catch {
    throw new SignInError('UNREACHABLE', 'The sign-in service could not be reached.');
  }
  const body = await readObject(response);
  if (!response.ok) {
    const type = typeof body.__type === 'string' ? body.__type : 'UNKNOWN';
    const message = typeof body.message === 'string' ? body.message : undefined;
    const status = response.status.toString();
    throw signInError(
      type.split('#').pop() ?? type,
      message ?? `The sign-in service answered with HTTP ${status}.`,
    );
  }
  return body;
}

/** The tokens in an answer of Cognito's, if they are there. */
export function tokensOf(answer: Record<string, unknown>): Tokens | undefined {
  const result = answer.AuthenticationResult;
  if (!isObject(result)) {
    return undefined;
  }
  const { IdToken: idToken, AccessToken: accessToken, RefreshToken: refreshToken } = result;
  if (typeof idToken !== 'string' || typeof accessToken !== 'string') {
    return undefined;
  }
  return {
    idToken,
    accessToken,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
  };
}

/** Fresh tokens for a refresh token; Cognito does not send the refresh token again. */
export async function refreshTokens(pool: UserPool, refreshToken: string): Promise<Tokens> {
  const answer = await callCognito(pool, 'InitiateAuth', {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: refreshToken },
  });
  const tokens = tokensOf(answer);
  if (tokens === undefined) {
    throw new SignInError('NO_TOKENS', 'The sign-in service sent no token.');
  }
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
}

/** Has a code sent to the email, if there is an account with it; the answer does not tell. */
export async function forgetPassword(pool: UserPool, email: string): Promise<void> {
  await callCognito(pool, 'ForgotPassword', { Username: email });
}

/** Sets a new password with the code that was sent. */
export async function resetPassword(
  pool: UserPool,
  email: string,
  code: string,
  password: string,
): Promise<void> {
  await callCognito(pool, 'ConfirmForgotPassword', {
    Username: email,
    ConfirmationCode: code,
    Password: password,
  });
}

/** Makes the refresh token, and all that was issued from it, worthless. */
export async function revokeToken(pool: UserPool, refreshToken: string): Promise<void> {
  await callCognito(pool, 'RevokeToken', { Token: refreshToken });
}

async function readObject(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  if (text === '') {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
