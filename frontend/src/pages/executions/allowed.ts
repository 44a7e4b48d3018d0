/** What the server allows this person now. */
import type { ActionName, AllowedAction, Execution } from '../../api/types';
import { withoutMarks } from '../../lib/marks';
import { visible } from '../../lib/shown';
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
  return whyNot(execution.allowedActions[action]);
}

/** Why no recovery can carry on with this one now; nothing where one can. */
export function reasonOfContinuing({ continuation }: Execution): string | undefined {
  return whyNot(continuation);
}

function whyNot({ allowed, reason }: AllowedAction): string | undefined {
  return allowed ? undefined : withoutMarks(visible(reason ?? common.noReason));
}
