/** The servers of a plan as its groups stand now. */
import type { PlannedWave, ProtectionGroup } from '../../api/types';

export type Member = { sourceServerId: string; group: ProtectionGroup };

type WaveMembers = Pick<PlannedWave, 'protectionGroupIds' | 'sourceServerIds'>;

export function membersOf(wave: WaveMembers, groups: readonly ProtectionGroup[]): Member[] {
  const chosen = wave.sourceServerIds === null ? undefined : new Set(wave.sourceServerIds);
  return wave.protectionGroupIds
    .flatMap((id) => groups.find((group) => group.protectionGroupId === id) ?? [])
    .flatMap((group) => group.sourceServerIds.map((sourceServerId) => ({ sourceServerId, group })))
    .filter(({ sourceServerId }) => chosen === undefined || chosen.has(sourceServerId));
}

/** Members by the place that they launch in. */
export function placesOf(members: readonly Member[]) {
  const places = new Map<string, { region: string; accountId: string; members: Member[] }>();
  for (const member of members) {
    const { region, accountId } = member.group;
    const key = `${accountId} ${region}`;
    const place = places.get(key) ?? { region, accountId, members: [] };
    place.members.push(member);
    places.set(key, place);
  }
  return [...places.values()];
}
