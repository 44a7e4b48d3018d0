/** Which ended recoveries another one can carry on with. */
import type { ExecutionStatus } from './types';

const TOO_EARLY: readonly ExecutionStatus[] = ['PARTIAL', 'FAILED', 'CANCELLED', 'TIMED_OUT'];

/** Whether it ended with less than all. */
export function isContinuable(status: ExecutionStatus): boolean {
  return TOO_EARLY.includes(status);
}
