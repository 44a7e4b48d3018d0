/** What the console asks about protection groups, and how it changes them. */
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';

import { settle, unwrap, type ApiClient } from '../api/client';
import { allPages } from '../api/pages';
import type { ProtectionGroup, ProtectionGroupRequest } from '../api/types';
import { useServices } from '../services';
import { sourceServerKeys } from './drs';

const keys = {
  all: ['protection-groups'] as const,
  list: ['protection-groups', 'list'] as const,
  one: (id: string) => ['protection-groups', 'one', id] as const,
};

export function groupsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: keys.list,
    queryFn: ({ signal }) =>
      allPages((query) => unwrap(api.GET('/protection-groups', { params: { query }, signal }))),
  });
}

export function groupQuery(api: ApiClient, protectionGroupId: string) {
  return queryOptions({
    queryKey: keys.one(protectionGroupId),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/protection-groups/{protectionGroupId}', {
          params: { path: { protectionGroupId } },
          signal,
        }),
      ),
  });
}

/** Creates a group, or changes the one that was read. */
export function useSaveGroup(existing: ProtectionGroup | undefined) {
  const { api } = useServices();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ProtectionGroupRequest) =>
      existing === undefined
        ? unwrap(api.POST('/protection-groups', { body }))
        : unwrap(
            api.PUT('/protection-groups/{protectionGroupId}', {
              params: {
                path: { protectionGroupId: existing.protectionGroupId },
                header: { 'If-Match': entityTag(existing.version) },
              },
              body,
            }),
          ),
    onSuccess: () => assigned(queryClient, keys.all),
  });
}

export function useDeleteGroup() {
  const { api } = useServices();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ protectionGroupId, version }: ProtectionGroup) => {
      await settle(
        api.DELETE('/protection-groups/{protectionGroupId}', {
          params: { path: { protectionGroupId }, header: { 'If-Match': entityTag(version) } },
        }),
      );
      queryClient.removeQueries({ queryKey: keys.one(protectionGroupId) });
    },
    onSuccess: () => assigned(queryClient, keys.list),
  });
}

/** The lists of source servers say of each server whose it is. */
function assigned(queryClient: QueryClient, queryKey: readonly string[]) {
  void queryClient.invalidateQueries({ queryKey: sourceServerKeys });
  return queryClient.invalidateQueries({ queryKey });
}

function entityTag(version: number): string {
  return `"${version.toString()}"`;
}
