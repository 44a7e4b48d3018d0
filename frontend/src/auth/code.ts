/** The codes of an authenticator app. */

/** Apps show a code in two halves, and people type the space between them. */
export function codeOf(typed: string): string {
  return typed.replace(/\s/g, '');
}

export function isCode(typed: string): boolean {
  return /^\d{6}$/.test(codeOf(typed));
}

/** What an app reads from a picture: whose key it is, for which environment, and the key. */
export function keyAddress(environment: string, email: string, secret: string): string {
  const issuer = `DRS Orchestration ${environment}`;
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}
