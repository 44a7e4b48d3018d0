/** The cache of what the server said, with the defaults of all queries. */
import { QueryClient } from '@tanstack/react-query';

import { ApiError } from './error';

const MOST_RETRIES = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A lost network is a failed look that the page tells of, not a pause in silence.
        networkMode: 'always',
        staleTime: 2_000,
        retry: (failures, error) =>
          failures < MOST_RETRIES && error instanceof ApiError && error.isPassing,
      },
      // A command is sent when the person gives it or never: not again, and not later.
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
