/** Every address of the console. */

export const paths = {
  home: () => '/',
  signIn: (from?: string) =>
    from === undefined || from === '/' ? '/sign-in' : `/sign-in?from=${encodeURIComponent(from)}`,
  executions: (status?: string) => (status === undefined ? '/executions' : `/executions?status=${status}`),
  execution: (executionId: string) => `/executions/${encodeURIComponent(executionId)}`,
};

/** An address to go to after signing in: one of our own, or the start. */
export function returnPath(from: string | null): string {
  return from !== null && /^\/(?![/\\])/.test(from) ? from : paths.home();
}
