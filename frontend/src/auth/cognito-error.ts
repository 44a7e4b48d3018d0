/** Cognito's errors in our sentences. */

export class SignInError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SignInError';
    this.code = code;
  }
}

const SENTENCES = new Map([
  ['UserNotFoundException', 'The email or the password is wrong.'],
  ['PasswordResetRequiredException', 'This account needs a new password. Choose “Forgot your password?”.'],
  ['UserNotConfirmedException', 'This account is not confirmed yet.'],
  ['TooManyRequestsException', 'Too many attempts. Wait a minute and try again.'],
  ['LimitExceededException', 'Too many attempts. Wait a few minutes and try again.'],
  ['CodeMismatchException', 'The code is wrong.'],
  ['EnableSoftwareTokenMFAException', 'The code is wrong.'],
  ['ExpiredCodeException', 'The code has expired.'],
  ['SoftwareTokenMFANotFoundException', 'There is no second factor to use here. An administrator decides that for the whole environment.'],
]);

/** Where one code of Cognito's stands for several things, its words tell which. */
const BY_WORDS: readonly { code: string; words: RegExp; sentence: string }[] = [
  { code: 'NotAuthorizedException', words: /^Incorrect/, sentence: 'The email or the password is wrong.' },
  { code: 'NotAuthorizedException', words: /^Invalid session/, sentence: 'This took too long. Go back to the sign-in and begin again.' },
  { code: 'ExpiredCodeException', words: /already been used/, sentence: 'This code was used already. Wait for the next one.' },
];

/** The error for a code of Cognito's; what is not known by code keeps Cognito's own words. */
export function signInError(code: string, message: string): SignInError {
  const known = BY_WORDS.find((row) => row.code === code && row.words.test(message));
  return new SignInError(code, known?.sentence ?? SENTENCES.get(code) ?? message);
}
