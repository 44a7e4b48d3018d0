/** Every address of the console. */

export const paths = {
  home: () => '/',
  signIn: (from?: string) =>
    from === undefined || from === '/' ? '/sign-in' : `/sign-in?from=${encodeURIComponent(from)}`,
  account: () => '/account',
  groups: () => '/protection-groups',
  newGroup: () => '/protection-groups/new',
  group: (protectionGroupId: string) => `/protection-groups/${encodeURIComponent(protectionGroupId)}`,
  editGroup: (protectionGroupId: string) =>
    `/protection-groups/${encodeURIComponent(protectionGroupId)}/edit`,
  plans: () => '/recovery-plans',
  newPlan: () => '/recovery-plans/new',
  plan: (recoveryPlanId: string) => `/recovery-plans/${encodeURIComponent(recoveryPlanId)}`,
  continueRecovery: (recoveryPlanId: string, executionId: string) =>
    `/recovery-plans/${encodeURIComponent(recoveryPlanId)}?continueFrom=${encodeURIComponent(executionId)}`,
  editPlan: (recoveryPlanId: string) => `/recovery-plans/${encodeURIComponent(recoveryPlanId)}/edit`,
  executions: (filter: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(filter).toString();
    return query === '' ? '/executions' : `/executions?${query}`;
  },
  execution: (executionId: string) => `/executions/${encodeURIComponent(executionId)}`,
  /** A part of the page that is open, filtered or whole. */
  part: (tab: string, filter?: string) =>
    `?${new URLSearchParams({ tab, ...(filter === undefined ? {} : { filter }) }).toString()}`,
};

/** An address to go to after signing in: one of our own, or the start. */
export function returnPath(from: string | null): string {
  return from !== null && /^\/(?![/\\])/.test(from) ? from : paths.home();
}
