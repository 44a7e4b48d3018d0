/** Signing in by sending the password, which only a stack on one's own machine allows. */
import { callCognito, callPlainly, tokensOf, type SignInStep, type UserPool } from './cognito';
import { SignInError } from './cognito-error';

export async function signInWithPassword(
  pool: UserPool,
  email: string,
  password: string,
): Promise<SignInStep> {
  const answer = await callCognito(pool, 'InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: password },
  });
  return step(pool, email, answer);
}

/** A second factor is wanted and there is none yet: the key is shown, and a code proves it. */
async function setUp(pool: UserPool, email: string, session: unknown): Promise<SignInStep> {
  const key = await callPlainly(pool, 'AssociateSoftwareToken', { Session: session });
  let proof: Record<string, unknown> | undefined;
  return {
    kind: 'SET_UP',
    email,
    secret: String(key.SecretCode),
    answer: async (code) => {
      // A code proves the key once; what failed after that goes on from there.
      proof ??= await callPlainly(pool, 'VerifySoftwareToken', {
        Session: key.Session,
        UserCode: code,
      });
      const answer = await callCognito(pool, 'RespondToAuthChallenge', {
        ChallengeName: 'MFA_SETUP',
        Session: proof.Session,
        ChallengeResponses: { USERNAME: email },
      });
      return step(pool, email, answer);
    },
  };
}

function step(
  pool: UserPool,
  email: string,
  answer: Record<string, unknown>,
): SignInStep | Promise<SignInStep> {
  const tokens = tokensOf(answer);
  if (tokens !== undefined) {
    return { kind: 'DONE', tokens };
  }
  const respond = (name: string) => async (response: string) =>
    step(
      pool,
      email,
      await callCognito(pool, 'RespondToAuthChallenge', {
        ChallengeName: answer.ChallengeName,
        Session: answer.Session,
        ChallengeResponses: { USERNAME: email, [name]: response },
      }),
    );
  if (answer.ChallengeName === 'MFA_SETUP') {
    return setUp(pool, email, answer.Session);
  }
  switch (answer.ChallengeName) {
    case 'NEW_PASSWORD_REQUIRED':
      return { kind: 'NEW_PASSWORD', answer: respond('NEW_PASSWORD') };
    case 'SOFTWARE_TOKEN_MFA':
      return { kind: 'CODE', answer: respond('SOFTWARE_TOKEN_MFA_CODE') };
    default:
      throw new SignInError(
        'UNKNOWN_CHALLENGE',
        `This console cannot answer the challenge ${String(answer.ChallengeName)}.`,
      );
  }
}
