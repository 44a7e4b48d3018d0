import { expect, it } from 'vitest';

import type { PlanStatistics } from '../../api/types';
import { counted, plan, summary } from '../../test/fixtures';
import { byNeed, overduePlans, weeksOf } from './history';

const NOW = Date.parse('2026-11-25T12:00:00Z');

it('counts what has ended by the week, from Monday', () => {
  const weeks = weeksOf(
    [
      counted('2026-01-01', { completed: 9 }),
      counted('2026-11-16', { partial: 1 }),
      counted('2026-11-22', { failed: 1, timedOut: 2, cancelled: 3 }),
      counted('2026-11-23', { completed: 1 }),
    ],
    undefined,
    NOW,
  );
  expect(weeks).toHaveLength(12);
  expect(weeks.slice(-2)).toEqual([
    { start: new Date('2026-11-16T00:00:00Z'), completed: 0, partial: 1, other: 6 },
    { start: new Date('2026-11-23T00:00:00Z'), completed: 1, partial: 0, other: 0 },
  ]);
  expect(weeks.reduce((sum, { completed }) => sum + completed, 0)).toBe(1);
});

it('counts drills and recoveries apart where only one kind is asked for', () => {
  const days = [
    counted('2026-11-23', { completed: 1 }),
    counted('2026-11-23', { kind: 'RECOVERY', completed: 5 }),
  ];
  expect(weeksOf(days, 'DRILL', NOW).at(-1)?.completed).toBe(1);
  expect(weeksOf(days, 'RECOVERY', NOW).at(-1)?.completed).toBe(5);
  expect(weeksOf(days, undefined, NOW).at(-1)?.completed).toBe(6);
});

it('calls a plan overdue without a completed drill in 90 days, whatever else it ran', () => {
  const run = (endedAt: string) => ({ executionId: 'e', status: 'COMPLETED' as const, endedAt });
  const runs = new Map<string, PlanStatistics>(
    [
      { recoveryPlanId: 'plan-shop', lastDrill: null, lastCompletedDrill: run('2026-11-01T10:00:00Z'), lastRecovery: null },
      { recoveryPlanId: 'plan-billing', lastDrill: run('2026-11-01T10:00:00Z'), lastCompletedDrill: null, lastRecovery: run('2026-11-01T10:00:00Z') },
      { recoveryPlanId: 'plan-archive', lastDrill: null, lastCompletedDrill: run('2026-07-01T10:00:00Z'), lastRecovery: null },
    ].map((item) => [item.recoveryPlanId, item]),
  );
  const plans = [plan('Shop'), plan('Archive'), plan('Billing'), plan('New')];
  const overdue = overduePlans(plans, runs, NOW).map((one) => one.plan.name);
  expect(overdue).toEqual(['Billing', 'New', 'Archive']);
});

it('puts what waits for a person before what runs', () => {
  const list = [summary({ executionId: 'a' }), summary({ executionId: 'b', openHoldCount: 1 })];
  expect(byNeed(list).map(({ executionId }) => executionId)).toEqual(['b', 'a']);
});
