/** The second factor of whoever is signed in: an app that shows codes which are good once. */
import { queryOptions } from '@tanstack/react-query';

import type { Services } from '../services';
import { callPlainly } from './cognito';
import { SignInError } from './cognito-error';
import { signIn } from './sign-in';

type Own = Pick<Services, 'configuration' | 'userPool' | 'session'>;

/** A key that no code has proved yet. */
export type SetUp = { secret: string; prove: (code: string) => Promise<void> };

const FACTOR = 'SOFTWARE_TOKEN_MFA';
const KEY = ['second-factor'] as const;

/** Whether it is on. */
export function secondFactorQuery(services: Own) {
  return queryOptions({
    queryKey: KEY,
    queryFn: async (): Promise<'ON' | 'OFF'> => {
      const { UserMFASettingList: factors } = await callAsPerson(services, 'GetUser', {});
      return Array.isArray(factors) && factors.includes(FACTOR) ? 'ON' : 'OFF';
    },
  });
}

/** Asks for a key. What was on before stays on until a code proves the new key. */
export async function beginSetUp(services: Own): Promise<SetUp> {
  const { SecretCode: secret } = await callAsPerson(services, 'AssociateSoftwareToken', {});
  if (typeof secret !== 'string') {
    throw new SignInError('NO_KEY', 'The sign-in service sent no key.');
  }
  let isProved = false;
  return {
    secret,
    prove: async (code) => {
      // A code proves the key once; what failed after that goes on from there.
      if (!isProved) {
        await callAsPerson(services, 'VerifySoftwareToken', { UserCode: code });
        isProved = true;
      }
      await prefer(services, 'ON');
    },
  };
}

/**
 * Makes sure that it is the person, and nobody who found the screen: signs in anew with password
 * and code, because Cognito looks at a code of a key that is proved in a sign-in alone.
 */
export async function confirmPerson(
  services: Own,
  email: string,
  password: string,
  code: string,
): Promise<void> {
  const { configuration, userPool, session } = services;
  const first = await signIn(configuration.signIn, userPool, email, password);
  const last = first.kind === 'CODE' ? await first.answer(code) : first;
  if (last.kind !== 'DONE') {
    const sentence = 'An administrator has changed this account. Sign out, and sign in again.';
    throw new SignInError('CHANGED', sentence);
  }
  session.start(last.tokens);
}

/** From the next sign-in on, the password alone is enough. */
export async function turnOff(services: Own): Promise<void> {
  await prefer(services, 'OFF');
}

async function prefer(services: Own, wanted: 'ON' | 'OFF'): Promise<void> {
  const isOn = wanted === 'ON';
  await callAsPerson(services, 'SetUserMFAPreference', {
    SoftwareTokenMfaSettings: { Enabled: isOn, PreferredMfa: isOn },
  });
}

/** One call in the name of the person; a token that Cognito no longer takes ends the session. */
async function callAsPerson(
  { session, userPool }: Own,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const accessToken = await session.accessToken();
  if (accessToken === undefined) {
    throw new SignInError('SIGNED_OUT', 'Your session has ended. Sign in again.');
  }
  try {
    return await callPlainly(userPool, operation, { AccessToken: accessToken, ...input });
  } catch (error) {
    if (error instanceof SignInError && error.code === 'NotAuthorizedException') {
      session.expire();
    }
    throw error;
  }
}
