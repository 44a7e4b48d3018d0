/** What the console asks about the servers of an execution, where the execution itself has too many. */
import { queryOptions } from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../api/client';
import { allPages, LARGE_PAGE } from '../api/pages';
import { executionKeys } from './executions';

/** All servers with all that is said of each; read when somebody asks, and again with each version. */
export function executionServersQuery(api: ApiClient, executionId: string, version: number) {
  return queryOptions({
    queryKey: [...executionKeys.servers(executionId), version],
    queryFn: ({ signal }) =>
      allPages(
        (query) =>
          unwrap(
            api.GET('/executions/{executionId}/servers', {
              params: { path: { executionId }, query },
              signal,
            }),
          ),
        LARGE_PAGE,
      ),
    staleTime: Infinity,
  });
}
