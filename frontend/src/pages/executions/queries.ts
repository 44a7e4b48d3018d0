/** What the pages of executions ask, how often they ask again, and the commands. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../../api/client';
import type { Execution, ExecutionList, ExecutionStatus } from '../../api/types';
import { useServices } from '../../services';
import { isEnded } from './status';

const MOVING_MS = 3_000;
const RESTING_MS = 15_000;
const PAGE_SIZE = 20;

const keys = {
  all: ['executions'] as const,
  list: (status: ExecutionStatus | undefined) => ['executions', 'list', status ?? 'ALL'] as const,
  one: (executionId: string) => ['executions', 'one', executionId] as const,
};

export function executionsQuery(api: ApiClient, status: ExecutionStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: keys.list(status),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/executions', {
          params: {
            query: {
              maxResults: PAGE_SIZE,
              ...(status === undefined ? {} : { status }),
              ...(pageParam === null ? {} : { nextToken: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ExecutionList) => page.nextToken ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((item) => !isEnded(item.status))) === true
        ? MOVING_MS
        : RESTING_MS,
  });
}

export function executionQuery(api: ApiClient, executionId: string) {
  return queryOptions({
    queryKey: keys.one(executionId),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/executions/{executionId}', { params: { path: { executionId } }, signal }),
      ),
    refetchInterval: ({ state }) => (state.data === undefined ? false : pace(state.data)),
  });
}

/** How soon an execution is looked at again; never, once nothing about it can change. */
export function pace(execution: Execution): number | false {
  if (!isEnded(execution.status)) {
    return execution.status === 'PAUSED' ? RESTING_MS : MOVING_MS;
  }
  if (execution.cleanUp.status === 'RUNNING') {
    return MOVING_MS;
  }
  const isFollowed = execution.waves.some((wave) =>
    wave.servers.some(({ status }) => status === 'LAUNCHING' || status === 'RECONCILING'),
  );
  return isFollowed ? RESTING_MS : false;
}

export type Command =
  | { action: 'pause' }
  | { action: 'resume'; holdIds: string[]; comment: string }
  | { action: 'cancel'; reason: string };

/** Sends a command; what changes is then read from the server, never assumed. */
export function useCommand(executionId: string) {
  const { api } = useServices();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (command: Command) => send(api, executionId, command),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.all }),
  });
}

async function send(api: ApiClient, executionId: string, command: Command): Promise<void> {
  const params = { path: { executionId } };
  const clientToken = crypto.randomUUID();
  switch (command.action) {
    case 'pause':
      await unwrap(
        api.POST('/executions/{executionId}/pause', { params, body: { clientToken } }),
      );
      return;
    case 'resume':
      await unwrap(
        api.POST('/executions/{executionId}/resume', {
          params,
          body: {
            clientToken,
            holdIds: command.holdIds,
            ...(command.comment === '' ? {} : { comment: command.comment }),
          },
        }),
      );
      return;
    case 'cancel':
      await unwrap(
        api.POST('/executions/{executionId}/cancel', {
          params,
          body: {
            clientToken,
            ...(command.reason === '' ? {} : { reason: command.reason }),
          },
        }),
      );
      return;
  }
}
