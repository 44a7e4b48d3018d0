/** What the console asks about the past; the server has it counted. */
import { queryOptions } from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../api/client';
import { allPages, LARGE_PAGE } from '../api/pages';
import type { PlanStatistics } from '../api/types';
import { executionKeys } from './executions';

const COUNTED_MS = 60_000;

/** How executions ended, day by day. It is asked again when an execution was started or commanded. */
export function executionStatisticsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: [...executionKeys.all, 'statistics'],
    queryFn: ({ signal }) => unwrap(api.GET('/statistics/executions', { signal })),
    staleTime: COUNTED_MS,
    refetchInterval: COUNTED_MS,
  });
}

/** How each plan ran last, by the plan's id. */
export function planStatisticsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: [...executionKeys.all, 'plan-statistics'],
    queryFn: ({ signal }) =>
      allPages(
        (query) => unwrap(api.GET('/statistics/recovery-plans', { params: { query }, signal })),
        LARGE_PAGE,
      ),
    select: byPlan,
    staleTime: COUNTED_MS,
    refetchInterval: COUNTED_MS,
  });
}

function byPlan(items: PlanStatistics[]): Map<string, PlanStatistics> {
  return new Map(items.map((item) => [item.recoveryPlanId, item]));
}
