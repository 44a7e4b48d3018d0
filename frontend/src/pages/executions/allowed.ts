/** What the server allows this person now. */
import type { ActionName, Execution } from '../../api/types';
import { common } from '../../text/common';

/** Why a command cannot be given now; nothing where it can. */
export function reasonOf(execution: Execution, action: ActionName): string | undefined {
  const { allowed, reason } = execution.allowedActions[action];
  return allowed ? undefined : (reason ?? common.noReason);
}
