/** What the person who is signed in may do; the server decides again with every request. */
import { queryOptions, useQuery } from '@tanstack/react-query';

import { unwrap, type ApiClient } from '../api/client';
import { useServices } from '../services';
import { common } from '../text/common';

export type Permission = keyof typeof common.missingPermission;

const KEPT_MS = 5 * 60_000;

export function permissionsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: ['permissions'],
    queryFn: ({ signal }) => unwrap(api.GET('/user/permissions', { signal })),
    staleTime: KEPT_MS,
  });
}

export function usePermissions() {
  const { api } = useServices();
  return useQuery(permissionsQuery(api));
}

/** Why the person may not, as a sentence; nothing where the person may. */
export function useMissing(permission: Permission): string | undefined {
  const { data, isError } = usePermissions();
  if (data === undefined) {
    return isError ? common.permissionsUnread : common.permissionsLoading;
  }
  return data.permissions.includes(permission) ? undefined : common.missingPermission[permission];
}
