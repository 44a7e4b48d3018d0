/** What the form of a group holds, and the request that it makes. */
import type { ProtectionGroup, ProtectionGroupRequest } from '../../api/types';

export type GroupDraft = {
  name: string;
  description: string;
  region: string;
  accountId: string;
  sourceServerIds: readonly string[];
  isolation: string;
};

/** The members that the form shows faults at. */
export const FIELDS = [
  'name',
  'description',
  'region',
  'accountId',
  'sourceServerIds',
  'drillIsolation',
] as const;

export function draftOf(group: ProtectionGroup | undefined, region: string): GroupDraft {
  return {
    name: group?.name ?? '',
    description: group?.description ?? '',
    region: group?.region ?? region,
    accountId: group?.accountId ?? '',
    sourceServerIds: group?.sourceServerIds ?? [],
    isolation: group?.drillIsolation?.statement ?? '',
  };
}

export function requestOf(draft: GroupDraft): ProtectionGroupRequest {
  const accountId = draft.accountId.trim();
  const statement = draft.isolation.trim();
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    region: draft.region.trim(),
    sourceServerIds: [...draft.sourceServerIds],
    ...(accountId === '' ? {} : { accountId }),
    ...(statement === '' ? {} : { drillIsolation: { statement } }),
  };
}
