/** What DRS says of the servers of groups, each looked up in its own account and Region. */
import { useQueries } from '@tanstack/react-query';

import type { ProtectionGroup, SourceServer } from '../../api/types';
import { sourceServersQuery } from '../../queries/drs';
import { useServices } from '../../services';

export type PlaceLook = {
  region: string;
  accountId: string;
  servers: readonly SourceServer[];
  isPending: boolean;
  /** Why the place could not be looked at. */
  error: unknown;
};

/** One look for each place that the groups are in. */
export function useLooks(groups: readonly ProtectionGroup[]): PlaceLook[] {
  const { api } = useServices();
  const places = [
    ...new Map(
      groups.map(({ region, accountId }) => [`${accountId} ${region}`, { region, accountId }]),
    ).values(),
  ];
  const queries = useQueries({ queries: places.map((place) => sourceServersQuery(api, place)) });
  return places.map((place, index) => {
    const query = queries[index];
    return {
      ...place,
      servers: query?.data?.items ?? [],
      isPending: query?.isPending ?? true,
      error: query?.error ?? undefined,
    };
  });
}

export function useHostnames(groups: readonly ProtectionGroup[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { servers } of useLooks(groups)) {
    for (const { sourceServerId, hostname } of servers) {
      if (hostname !== null) {
        names.set(sourceServerId, hostname);
      }
    }
  }
  return names;
}
