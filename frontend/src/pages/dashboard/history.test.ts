import { expect, it } from 'vitest';

import { plan, summary } from '../../test/fixtures';
import { active, failedLately, overduePlans, weeksOf } from './history';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const ended = (day: string, members: Parameters<typeof summary>[0] = {}) =>
  summary({ status: 'COMPLETED', startedAt: `${day}T10:00:00Z`, endedAt: `${day}T11:00:00Z`, ...members });

it('counts ended executions by the week, from Monday, and leaves out what still runs', () => {
  const weeks = weeksOf(
    [
      ended('2026-11-23'),
      ended('2026-11-22', { status: 'FAILED' }),
      ended('2026-11-16', { status: 'PARTIAL' }),
      ended('2026-01-01'),
      summary({ startedAt: '2026-11-24T10:00:00Z' }),
    ],
    NOW,
  );
  expect(weeks).toHaveLength(12);
  expect(weeks.slice(-2)).toEqual([
    { start: new Date('2026-11-16T00:00:00Z'), completed: 0, partial: 1, other: 1 },
    { start: new Date('2026-11-23T00:00:00Z'), completed: 1, partial: 0, other: 0 },
  ]);
});

it('calls a plan overdue without a completed drill in 90 days, whatever else it ran', () => {
  const plans = [plan('Shop'), plan('Billing'), plan('Archive')];
  const executions = [
    ended('2026-11-01', { recoveryPlanId: 'plan-shop' }),
    ended('2026-11-01', { recoveryPlanId: 'plan-billing', kind: 'RECOVERY' }),
    ended('2026-07-01', { recoveryPlanId: 'plan-archive' }),
  ];
  expect(overduePlans(plans, executions, NOW).map(({ name }) => name)).toEqual(['Billing', 'Archive']);
});

it('puts what waits for a person before what runs', () => {
  const list = [
    summary({ executionId: 'a' }),
    summary({ executionId: 'b', openHoldCount: 1 }),
    ended('2026-11-24', { executionId: 'c' }),
  ];
  expect(active(list).map(({ executionId }) => executionId)).toEqual(['b', 'a']);
});

it('lists what ended badly in the last 30 days', () => {
  const list = [
    ended('2026-11-24', { executionId: 'a', status: 'FAILED' }),
    ended('2026-11-24', { executionId: 'b' }),
    ended('2026-09-01', { executionId: 'c', status: 'TIMED_OUT' }),
  ];
  expect(failedLately(list, NOW).map(({ executionId }) => executionId)).toEqual(['a']);
});
