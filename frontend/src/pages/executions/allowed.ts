/** What the server allows this person now. */
import type { ActionName, Execution } from '../../api/types';
import { common } from '../../text/common';

/** The server lists every command that it has; one that it does not list is not offered. */
export function isOffered(execution: Execution, action: ActionName): boolean {
  return Object.hasOwn(execution.allowedActions, action);
}

/** Why a command cannot be given now; nothing where it can. */
export function reasonOf(execution: Execution, action: ActionName): string | undefined {
  if (!isOffered(execution, action)) {
    return common.noReason;
  }
  const { allowed, reason } = execution.allowedActions[action];
  return allowed ? undefined : (reason ?? common.noReason);
}
