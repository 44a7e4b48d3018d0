/** What the console asks about DRS itself. */
import { queryOptions } from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../api/client';

const SERVERS_MS = 30_000;
const QUOTAS_MS = 60_000;

/** Where to look; the account is left out for the deploying one. */
export type Place = { region: string; accountId?: string };

export function sourceServersQuery(api: ApiClient, place: Place) {
  return queryOptions({
    queryKey: ['drs', 'source-servers', place.region, place.accountId ?? ''],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/drs/source-servers', { params: { query: place }, signal })),
    refetchInterval: SERVERS_MS,
  });
}

export function quotasQuery(api: ApiClient, place: Place) {
  return queryOptions({
    queryKey: ['drs', 'quotas', place.region, place.accountId ?? ''],
    queryFn: ({ signal }) => unwrap(api.GET('/drs/quotas', { params: { query: place }, signal })),
    refetchInterval: QUOTAS_MS,
  });
}
