/** What the console asks about executions, and how often it asks again. */
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';

import { refusal } from '../api/error';
import { unwrap, type ApiClient } from '../api/client';
import type {
  Activity,
  Execution,
  ExecutionEvent,
  ExecutionList,
  ExecutionStatus,
  Kind,
} from '../api/types';
import { isEnded } from '../text/status-words';

const MOVING_MS = 3_000;
const RESTING_MS = 15_000;
const PAGE_SIZE = 20;
const LOG_PAGE_SIZE = 100;
/** How soon a log is looked at again. */
export const LOG_MS = 5_000;

export type ExecutionFilter = {
  status?: ExecutionStatus;
  activity?: Activity;
  kind?: Kind;
  recoveryPlanId?: string;
  startedAfter?: string;
  startedBefore?: string;
};

export const executionKeys = {
  all: ['executions'] as const,
  lists: ['executions', 'list'] as const,
  list: (filter: ExecutionFilter) => ['executions', 'list', filter] as const,
  recent: (filter: ExecutionFilter, count: number) =>
    ['executions', 'recent', filter, count] as const,
  one: (executionId: string) => ['executions', 'one', executionId] as const,
  events: (executionId: string) => ['executions', 'events', executionId] as const,
  servers: (executionId: string) => ['executions', 'servers', executionId] as const,
  phases: (executionId: string) => ['executions', 'phases', executionId] as const,
  jobLogs: (executionId: string) => ['executions', 'job-logs', executionId] as const,
};

/** A list by pages of the server. */
export function executionsQuery(api: ApiClient, filter: ExecutionFilter) {
  return infiniteQueryOptions({
    queryKey: executionKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/executions', {
          params: {
            query: {
              maxResults: PAGE_SIZE,
              ...filter,
              ...(pageParam === null ? {} : { nextToken: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ExecutionList) => page.nextToken ?? undefined,
    refetchInterval: ({ state }) => paceOfPages(state.data?.pages),
  });
}

/** The newest few. */
export function recentExecutionsQuery(api: ApiClient, filter: ExecutionFilter, count: number) {
  return queryOptions({
    queryKey: executionKeys.recent(filter, count),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/executions', { params: { query: { maxResults: count, ...filter } }, signal }),
      ),
    refetchInterval: ({ state }) =>
      paceOfPages(state.data === undefined ? undefined : [state.data]),
  });
}

function paceOfPages(pages: readonly ExecutionList[] | undefined): number {
  const isMoving = pages?.some((page) => page.items.some((item) => !isEnded(item.status)));
  return isMoving === true ? MOVING_MS : RESTING_MS;
}

/** The entity tag of each execution that is in the cache, so that a look costs nothing when nothing moved. */
const entityTags = new WeakMap<QueryClient, Map<string, string>>();

export function executionQuery(api: ApiClient, executionId: string) {
  return queryOptions({
    queryKey: executionKeys.one(executionId),
    queryFn: ({ signal, client }) => look(api, client, executionId, signal),
    refetchInterval: ({ state }) => (state.data === undefined ? false : pace(state.data)),
  });
}

async function look(
  api: ApiClient,
  client: QueryClient,
  executionId: string,
  signal: AbortSignal,
): Promise<Execution> {
  const tags = entityTags.get(client) ?? new Map<string, string>();
  entityTags.set(client, tags);
  const known = client.getQueryData<Execution>(executionKeys.one(executionId));
  const tag = known === undefined ? undefined : tags.get(executionId);
  const { data, error, response } = await api.GET('/executions/{executionId}', {
    params: {
      path: { executionId },
      ...(tag === undefined ? {} : { header: { 'If-None-Match': tag } }),
    },
    signal,
  });
  if (response.status === 304 && known !== undefined) {
    return known;
  }
  if (data === undefined) {
    throw refusal(response.status, error);
  }
  const fresh = response.headers.get('ETag');
  if (fresh === null) {
    tags.delete(executionId);
  } else {
    tags.set(executionId, fresh);
  }
  return data;
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

type Tail = { pages: { token: string | null; items: ExecutionEvent[] }[] };

/**
 * The event log, in its order. Entries are only ever added, so a further look reads the last
 * page again and what came after it.
 */
export function eventsQuery(api: ApiClient, executionId: string, isMoving: boolean) {
  const queryKey = executionKeys.events(executionId);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<Tail> => {
      const pages = [...(client.getQueryData<Tail>(queryKey)?.pages ?? [])];
      let token = pages.pop()?.token ?? null;
      for (;;) {
        const page = await unwrap(
          api.GET('/executions/{executionId}/events', {
            params: { path: { executionId }, query: logPage(token) },
            signal,
          }),
        );
        pages.push({ token, items: page.items });
        if (page.nextToken == null) {
          return { pages };
        }
        token = page.nextToken;
      }
    },
    select: (tail) => tail.pages.flatMap((page) => page.items),
    refetchInterval: isMoving ? LOG_MS : false,
  });
}

/** A page of a log. */
export function logPage(token: string | null) {
  return { maxResults: LOG_PAGE_SIZE, ...(token === null ? {} : { nextToken: token }) };
}
