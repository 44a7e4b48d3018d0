/** What happens to an error that a page has caught and shown in its own place. */
import { ApiError } from './api/error';
import { SignInError } from './auth/cognito-error';

/** What the API refused is told on the page; anything else is a bug, and the browser's log has it. */
export function reportCaught(error: unknown): void {
  if (!(error instanceof ApiError || error instanceof SignInError)) {
    window.reportError(error);
  }
}
