/** What the console asks about DRS itself. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../api/client';
import type { SourceServer, SourceServerList } from '../api/types';

const FRESH_MS = 2_000;
const SERVERS_MS = 30_000;
/** To read an account with thousands of servers again and again would use up what DRS grants it. */
const MANY_SERVERS_MS = 5 * 60_000;
const MANY_SERVERS = 1_000;
const QUOTAS_MS = 60_000;

/** Where to look; the account is left out for the deploying one. */
export type Place = { region: string; accountId?: string };

export const sourceServerKeys = ['drs', 'source-servers'] as const;

/** The source servers of a place, all of them. */
export type Discovered = Pick<SourceServerList, 'initialized'> & { items: SourceServer[] };

/** The list by as many requests as the server has pages; how far it is, is known meanwhile. */
export function sourceServersQuery(api: ApiClient, place: Place) {
  return queryOptions({
    queryKey: [...sourceServerKeys, place.region, place.accountId ?? ''],
    queryFn: ({ signal, client }) => discover(api, place, signal, client),
    staleTime: ({ state }) => (isLarge(state.data) ? MANY_SERVERS_MS : FRESH_MS),
    refetchInterval: ({ state }) => (isLarge(state.data) ? MANY_SERVERS_MS : SERVERS_MS),
  });
}

/** How many servers of a place have been read, while they are read for the first time. */
export function discoveryQuery(place: Place) {
  return queryOptions({
    queryKey: progressKey(place),
    queryFn: () => 0,
    enabled: false,
    initialData: 0,
  });
}

async function discover(
  api: ApiClient,
  place: Place,
  signal: AbortSignal,
  client: QueryClient,
): Promise<Discovered> {
  // A server whose name changes while the pages are read may stand on two of them.
  const found = new Map<string, SourceServer>();
  let nextToken: string | null | undefined;
  client.setQueryData(progressKey(place), 0);
  for (;;) {
    const query = nextToken == null ? place : { ...place, nextToken };
    const page: SourceServerList = await unwrap(
      api.GET('/drs/source-servers', { params: { query }, signal }),
    );
    for (const server of page.items) {
      found.set(server.sourceServerId, server);
    }
    nextToken = page.nextToken;
    if (nextToken == null) {
      return { initialized: page.initialized, items: [...found.values()] };
    }
    client.setQueryData(progressKey(place), found.size);
  }
}

function isLarge(discovered: Discovered | undefined): boolean {
  return discovered !== undefined && discovered.items.length >= MANY_SERVERS;
}

function progressKey({ region, accountId }: Place) {
  return ['drs', 'source-servers-read', region, accountId ?? ''];
}

export function quotasQuery(api: ApiClient, place: Place) {
  return queryOptions({
    queryKey: ['drs', 'quotas', place.region, place.accountId ?? ''],
    queryFn: ({ signal }) => unwrap(api.GET('/drs/quotas', { params: { query: place }, signal })),
    refetchInterval: QUOTAS_MS,
  });
}
