/** What the console asks about the timeline of an execution. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../api/client';
import type { Execution } from '../api/types';
import { executionKeys } from './executions';

/** Servers of a wave that are shown at once. */
const SERVERS_PER_PAGE = 30;

/** Waves, holds and counts of phases: read again only with another version of the execution. */
export function phasesQuery(api: ApiClient, { executionId, version }: Execution) {
  return queryOptions({
    queryKey: [...executionKeys.phases(executionId), version],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/executions/{executionId}/phases', { params: { path: { executionId } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

/** One page of the servers of a wave; `token` is nothing for the first one. */
export function serverPhasesQuery(
  api: ApiClient,
  { executionId, version }: Execution,
  waveKey: string,
  token: string | null,
) {
  return queryOptions({
    queryKey: [...executionKeys.phases(executionId), version, waveKey, token],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/executions/{executionId}/server-phases', {
          params: {
            path: { executionId },
            query: {
              waveKey,
              maxResults: SERVERS_PER_PAGE,
              ...(token === null ? {} : { nextToken: token }),
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}
