/** The first step of signing in, by the way that the stack allows. */
import type { Configuration } from '../configuration';
import type { SignInStep, UserPool } from './cognito';
import { signInWithPassword } from './password-sign-in';

export async function signIn(
  way: Configuration['signIn'],
  pool: UserPool,
  email: string,
  password: string,
): Promise<SignInStep> {
  if (way === 'PASSWORD') {
    return signInWithPassword(pool, email, password);
  }
  // The library is needed for this alone.
  const { signInWithProof } = await import('./srp-sign-in');
  return signInWithProof(pool, email, password);
}
