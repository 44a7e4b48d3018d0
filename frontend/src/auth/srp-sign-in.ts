/** Signing in by proving the password (SRP): it never leaves the browser. */
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js';

import { SignInError, signInError, type SignInStep, type UserPool } from './cognito';

export function signInWithProof(
  pool: UserPool,
  email: string,
  password: string,
): Promise<SignInStep> {
  const storage = forgetfulStorage();
  const user = new CognitoUser({
    Username: email,
    Pool: new CognitoUserPool({
      UserPoolId: pool.userPoolId,
      ClientId: pool.userPoolClientId,
      endpoint: pool.endpoint,
      AdvancedSecurityDataCollectionFlag: false,
      Storage: storage,
    }),
    Storage: storage,
  });
  const details = new AuthenticationDetails({ Username: email, Password: password });
  return next((callbacks) => {
    user.authenticateUser(details, callbacks);
  }, user);
}

/** One exchange with the library, as a promise of the step that it leads to. */
function next(
  send: (callbacks: IAuthenticationCallback) => void,
  user: CognitoUser,
): Promise<SignInStep> {
  return new Promise((resolve, reject) => {
    const callbacks: IAuthenticationCallback = {
      onSuccess: (session) => {
        resolve({ kind: 'DONE', tokens: tokensOfSession(session) });
      },
      onFailure: (failure: unknown) => {
        reject(errorOf(failure));
      },
      newPasswordRequired: () => {
        resolve({
          kind: 'NEW_PASSWORD',
          answer: (password) =>
            next((nextCallbacks) => {
              user.completeNewPasswordChallenge(password, {}, nextCallbacks);
            }, user),
        });
      },
      totpRequired: () => {
        resolve({
          kind: 'CODE',
          answer: (code) =>
            next((nextCallbacks) => {
              user.sendMFACode(code, nextCallbacks, 'SOFTWARE_TOKEN_MFA');
            }, user),
        });
      },
      mfaRequired: (name: unknown) => {
        reject(
          new SignInError(
            'UNKNOWN_CHALLENGE',
            `This console cannot answer the challenge ${String(name)}.`,
          ),
        );
      },
    };
    send(callbacks);
  });
}

function tokensOfSession(session: CognitoUserSession) {
  return {
    idToken: session.getIdToken().getJwtToken(),
    refreshToken: session.getRefreshToken().getToken(),
  };
}

function errorOf(failure: unknown): SignInError {
  if (failure instanceof Error) {
    const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
    return code === 'NetworkError' || failure instanceof TypeError
      ? new SignInError('UNREACHABLE', 'The sign-in service could not be reached.')
      : signInError(code, failure.message);
  }
  return new SignInError('UNKNOWN', 'Signing in failed without a reason.');
}

/** The library stores every token; this keeps them no longer than the sign-in itself. */
function forgetfulStorage(): ICognitoStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value);
    },
    removeItem: (key) => {
      items.delete(key);
    },
    clear: () => {
      items.clear();
    },
  };
}
