/** The filters of the list as the address has them. */
import type { Activity } from '../../api/types';
import type { ExecutionFilter } from '../../queries/executions';
import { isExecutionStatus } from '../../text/status-words';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;

export const WITHIN = { day: 1, week: 7, month: 30, quarter: 90 } as const;
export type Within = keyof typeof WITHIN;

/** What the server is asked. The time begins at a full hour, so that it is the same list for an hour. */
export function filterOf(search: URLSearchParams, now: number): ExecutionFilter {
  const status = search.get('status');
  const activity = activityOf(status);
  const kind = search.get('kind');
  const recoveryPlanId = search.get('recoveryPlanId');
  const within = search.get('within');
  return {
    ...(isExecutionStatus(status) ? { status } : {}),
    ...(activity === undefined ? {} : { activity }),
    ...(kind === 'DRILL' || kind === 'RECOVERY' ? { kind } : {}),
    ...(recoveryPlanId === null ? {} : { recoveryPlanId }),
    ...(isWithin(within)
      ? { startedAfter: new Date(startOfHour(now) - WITHIN[within] * DAY_MS).toISOString() }
      : {}),
  };
}

/** Two choices of the status stand for several statuses. */
function activityOf(status: string | null): Activity | undefined {
  return status === 'ACTIVE' || status === 'ENDED' ? status : undefined;
}

export function isWithin(value: string | null): value is Within {
  return value !== null && Object.hasOwn(WITHIN, value);
}

function startOfHour(time: number): number {
  return time - (time % HOUR_MS);
}
