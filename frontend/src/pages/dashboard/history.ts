/** What the past says, as the dashboard shows it. */
import type { ExecutionStatistics, ExecutionSummary, Kind, PlanStatistics, RecoveryPlan } from '../../api/types';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
const WEEKS = 12;
const OVERDUE_MS = 90 * DAY_MS;

type Day = ExecutionStatistics['days'][number];
type Outcomes = Pick<Day, 'completed' | 'partial'> & { other: number };

export type Week = Outcomes & { start: Date };
export type Overdue = { plan: RecoveryPlan; lastCompletedDrill: PlanStatistics['lastCompletedDrill'] };

/** The last weeks, the oldest first, with how the executions of a kind, or of any, ended. */
export function weeksOf(days: readonly Day[], kind: Kind | undefined, now: number): Week[] {
  const thisWeek = startOfWeek(now);
  const weeks = Array.from({ length: WEEKS }, (_, index) => ({
    start: new Date(thisWeek - (WEEKS - 1 - index) * WEEK_MS),
    completed: 0,
    partial: 0,
    other: 0,
  }));
  for (const day of days) {
    const age = thisWeek - startOfWeek(Date.parse(day.date));
    const week = weeks[WEEKS - 1 - Math.round(age / WEEK_MS)];
    if (week !== undefined && (kind === undefined || day.kind === kind)) {
      week.completed += day.completed;
      week.partial += day.partial;
      week.other += day.failed + day.timedOut + day.cancelled;
    }
  }
  return weeks;
}

/** Monday, 0:00 UTC. */
function startOfWeek(time: number): number {
  const day = (new Date(time).getUTCDay() + 6) % 7;
  return time - (time % DAY_MS) - day * DAY_MS;
}

/** Plans of which no drill has completed lately; those that never had one first, then the oldest. */
export function overduePlans(
  plans: readonly RecoveryPlan[],
  runs: ReadonlyMap<string, PlanStatistics>,
  now: number,
): Overdue[] {
  const endOf = ({ lastCompletedDrill }: Overdue) =>
    lastCompletedDrill === null ? 0 : Date.parse(lastCompletedDrill.endedAt);
  return plans
    .map((plan): Overdue => {
      const known = runs.get(plan.recoveryPlanId);
      return { plan, lastCompletedDrill: known?.lastCompletedDrill ?? null };
    })
    .filter((one) => now - endOf(one) >= OVERDUE_MS)
    .sort((one, other) => endOf(one) - endOf(other));
}

/** What waits for a person stands first. */
export function byNeed(executions: readonly ExecutionSummary[]): ExecutionSummary[] {
  return executions.toSorted(
    (one, other) => Number(other.openHoldCount > 0) - Number(one.openHoldCount > 0),
  );
}
