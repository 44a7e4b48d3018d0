/** What the console asks about recovery plans, and how it changes them. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { settle, unwrap, type ApiClient } from '../api/client';
import { allPages } from '../api/pages';
import type { RecoveryPlan, RecoveryPlanRequest } from '../api/types';
import { useServices } from '../services';

const keys = {
  all: ['recovery-plans'] as const,
  list: ['recovery-plans', 'list'] as const,
  one: (id: string) => ['recovery-plans', 'one', id] as const,
};

export function plansQuery(api: ApiClient) {
  return queryOptions({
    queryKey: keys.list,
    queryFn: ({ signal }) =>
      allPages((query) => unwrap(api.GET('/recovery-plans', { params: { query }, signal }))),
  });
}

export function planQuery(api: ApiClient, recoveryPlanId: string) {
  return queryOptions({
    queryKey: keys.one(recoveryPlanId),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/recovery-plans/{recoveryPlanId}', {
          params: { path: { recoveryPlanId } },
          signal,
        }),
      ),
  });
}

/** Creates a plan, or changes the one that was read. */
export function useSavePlan(existing: RecoveryPlan | undefined) {
  const { api } = useServices();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: RecoveryPlanRequest) =>
      existing === undefined
        ? unwrap(api.POST('/recovery-plans', { body }))
        : unwrap(
            api.PUT('/recovery-plans/{recoveryPlanId}', {
              params: {
                path: { recoveryPlanId: existing.recoveryPlanId },
                header: { 'If-Match': entityTag(existing.version) },
              },
              body,
            }),
          ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useDeletePlan() {
  const { api } = useServices();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ recoveryPlanId, version }: RecoveryPlan) => {
      await settle(
        api.DELETE('/recovery-plans/{recoveryPlanId}', {
          params: { path: { recoveryPlanId }, header: { 'If-Match': entityTag(version) } },
        }),
      );
      queryClient.removeQueries({ queryKey: keys.one(recoveryPlanId) });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.list }),
  });
}

function entityTag(version: number): string {
  return `"${version.toString()}"`;
}
