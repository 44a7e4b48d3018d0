/** What a start would do, as far as DRS can be seen now. The server looks again and decides. */
import type { Kind, ProtectionGroup, RecoveryPlan, SourceServer } from '../../../api/types';
import { isGoneInEc2 } from '../../../lib/instance-state';
import { membersOf, placesOf } from '../members';
import type { PlaceLook } from '../servers';

export type Outlook = {
  serverCount: number;
  sourceServerIds: readonly string[];
  /** Servers of the plan that stay up when the earlier recovery is continued. */
  continuable: readonly string[];
  /** How many will launch. */
  launchCount: number;
  places: { region: string; accountId: string; count: number }[];
  servers: SourceServer[];
  /** Instances that the launch destroys. */
  destroyed: SourceServer[];
  /** Live instances of recoveries: a drill never destroys them, a recovery only when told. */
  guarded: SourceServer[];
  lagging: SourceServer[];
  notRecoverable: { sourceServerId: string; hostname: string | null; state: string }[];
  isolated: ProtectionGroup[];
  notIsolated: ProtectionGroup[];
  unreadable: PlaceLook[];
  isPending: boolean;
};

/** What is up of the recovery that can be continued, and whether it is to be. */
export type Continued = { servers: readonly string[]; isWished: boolean };

export function outlookOf(
  kind: Kind,
  plan: RecoveryPlan,
  groups: readonly ProtectionGroup[],
  looks: readonly PlaceLook[],
  continued: Continued,
): Outlook {
  const members = plan.waves.flatMap((wave) => membersOf(wave, groups));
  const sourceServerIds = members.map(({ sourceServerId }) => sourceServerId);
  const seen = new Map(
    looks.flatMap((look) => look.servers).map((server) => [server.sourceServerId, server]),
  );
  const servers = members.flatMap(({ sourceServerId }) => seen.get(sourceServerId) ?? []);
  const unreadable = looks.filter((look) => look.error !== undefined);
  const isPending = looks.some((look) => look.isPending && look.error === undefined);
  const vanished =
    isPending || unreadable.length > 0
      ? []
      : members
          .filter(({ sourceServerId }) => !seen.has(sourceServerId))
          .map(({ sourceServerId }) => ({ sourceServerId, hostname: null, state: 'unknown' }));
  const up = new Set(continued.servers);
  const continuable = sourceServerIds.filter((id) => up.has(id));
  const kept = new Set(continued.isWished ? continuable : []);
  const live = servers.filter(
    (server) => hasLiveInstance(server) && !kept.has(server.sourceServerId),
  );
  const guarded = live.filter((server) => server.recoveryInstance?.kind !== 'DRILL');
  const used = new Set(plan.waves.flatMap((wave) => wave.protectionGroupIds));
  const involved = groups.filter((group) => used.has(group.protectionGroupId));
  return {
    serverCount: members.length,
    sourceServerIds,
    continuable,
    launchCount: members.length - kept.size,
    places: placesOf(members).map(({ region, accountId, members: { length: count } }) => ({
      region,
      accountId,
      count,
    })),
    servers,
    destroyed: live.filter((server) => server.recoveryInstance?.kind === 'DRILL'),
    guarded,
    lagging: kind === 'DRILL' ? servers.filter(({ recoverability }) => recoverability === 'LAGGING') : [],
    notRecoverable: [
      ...servers
        .filter(({ recoverability }) => recoverability === 'NOT_RECOVERABLE')
        .map(({ sourceServerId, hostname, replicationState: state }) => ({
          sourceServerId,
          hostname,
          state,
        })),
      ...vanished,
    ],
    isolated: involved.filter((group) => group.drillIsolation !== null),
    notIsolated: involved.filter((group) => group.drillIsolation === null),
    unreadable,
    isPending,
  };
}

/** The server whose data is oldest, of those whose age is known. */
export function oldest(servers: readonly SourceServer[]): SourceServer | undefined {
  return servers.reduce<SourceServer | undefined>(
    (found, server) =>
      (server.lagSeconds ?? -1) > (found?.lagSeconds ?? -1) ? server : found,
    undefined,
  );
}

/** EC2 has not said that the instance is gone or going. */
function hasLiveInstance({ recoveryInstance }: SourceServer): boolean {
  return recoveryInstance !== null && !isGoneInEc2(recoveryInstance.ec2State);
}
