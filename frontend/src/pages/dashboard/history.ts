/** What the past executions say. */
import type { ExecutionSummary, RecoveryPlan } from '../../api/types';
import { isEnded } from '../../components/status-words';

export const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
const WEEKS = 12;
const OVERDUE_MS = 90 * DAY_MS;
const LATELY_MS = 30 * DAY_MS;

export type Week = { start: Date; completed: number; partial: number; other: number };

/** The last weeks, the oldest first, with how their executions ended. */
export function weeksOf(executions: readonly ExecutionSummary[], now: number): Week[] {
  const thisWeek = startOfWeek(now);
  const weeks = Array.from({ length: WEEKS }, (_, index) => ({
    start: new Date(thisWeek - (WEEKS - 1 - index) * WEEK_MS),
    completed: 0,
    partial: 0,
    other: 0,
  }));
  for (const execution of executions) {
    const age = thisWeek - startOfWeek(Date.parse(execution.startedAt ?? execution.createdAt));
    const week = weeks[WEEKS - 1 - Math.round(age / WEEK_MS)];
    if (week !== undefined && isEnded(execution.status)) {
      week[outcomeOf(execution)] += 1;
    }
  }
  return weeks;
}

/** Monday, 0:00 UTC. */
function startOfWeek(time: number): number {
  const day = (new Date(time).getUTCDay() + 6) % 7;
  return time - (time % DAY_MS) - day * DAY_MS;
}

function outcomeOf({ status }: ExecutionSummary): 'completed' | 'partial' | 'other' {
  return status === 'COMPLETED' ? 'completed' : status === 'PARTIAL' ? 'partial' : 'other';
}

/** Plans of which no completed drill is known since then. */
export function overduePlans(
  plans: readonly RecoveryPlan[],
  executions: readonly ExecutionSummary[],
  now: number,
): RecoveryPlan[] {
  const drilled = new Set(
    executions
      .filter(
        ({ kind, status, endedAt }) =>
          kind === 'DRILL' &&
          status === 'COMPLETED' &&
          endedAt !== null &&
          now - Date.parse(endedAt) < OVERDUE_MS,
      )
      .map(({ recoveryPlanId }) => recoveryPlanId),
  );
  return plans.filter(({ recoveryPlanId }) => !drilled.has(recoveryPlanId));
}

/** What ended lately and not as it should. */
export function failedLately(
  executions: readonly ExecutionSummary[],
  now: number,
): ExecutionSummary[] {
  return executions.filter(
    ({ status, endedAt }) =>
      (status === 'FAILED' || status === 'TIMED_OUT' || status === 'PARTIAL') &&
      endedAt !== null &&
      now - Date.parse(endedAt) < LATELY_MS,
  );
}

/** What is not over; what waits for a person stands first. */
export function active(executions: readonly ExecutionSummary[]): ExecutionSummary[] {
  return executions
    .filter(({ status }) => !isEnded(status))
    .sort((one, other) => Number(other.openHoldCount > 0) - Number(one.openHoldCount > 0));
}
