/**
 * What a recovery may take the place of: drills that hold its servers, and the recovery of the
 * same plan that ended too early.
 */
import { useQueries, useQuery } from '@tanstack/react-query';

import { ApiError } from '../../../api/error';
import type { Execution, Kind, RecoveryPlan } from '../../../api/types';
import { isContinuable } from '../../../api/continuing';
import { isEnded } from '../../../text/status-words';
import { executionQuery, recentExecutionsQuery } from '../../../queries/executions';
import { useServices } from '../../../services';

/** The longest page that the server gives. */
const DRILLS_LOOKED_AT = 100;
const LOCKED: readonly string[] = ['PLAN_HAS_ACTIVE_EXECUTION', 'SERVER_IN_ACTIVE_EXECUTION'];

export type TakeOver = {
  /** Drills of this plan or of its servers. */
  drills: readonly Execution[];
  /** The last recovery of the plan, where it ended too early. */
  before: Execution | undefined;
};

type Wanted = {
  kind: Kind;
  plan: RecoveryPlan;
  sourceServerIds: readonly string[];
  /** The recovery that the person came from to continue it. */
  continueFrom: string | undefined;
  /** What the server refused the start for. */
  refusal: unknown;
};

export function useTakeOver({ kind, plan, sourceServerIds, continueFrom, refusal }: Wanted): TakeOver {
  const { api } = useServices();
  const enabled = kind === 'RECOVERY';
  const { recoveryPlanId } = plan;
  const drills = useQuery({
    ...recentExecutionsQuery(api, { kind: 'DRILL', activity: 'ACTIVE' }, DRILLS_LOOKED_AT),
    enabled,
  });
  const last = useQuery({
    ...recentExecutionsQuery(api, { kind: 'RECOVERY', recoveryPlanId }, 1),
    enabled: enabled && continueFrom === undefined,
  });
  const active = (drills.data?.items ?? []).filter(({ status }) => !isEnded(status));
  const named = refusalNames(refusal);
  const ids = [...new Set([...active.map(({ executionId }) => executionId), ...named])];
  const ended = last.data?.items.find(({ status }) => isContinuable(status))?.executionId;
  const beforeId = continueFrom ?? ended;
  const wanted = enabled ? [...ids, ...(beforeId === undefined ? [] : [beforeId])] : [];
  const looks = useQueries({ queries: wanted.map((id) => executionQuery(api, id)) });
  const seen = looks.flatMap(({ data }) => data ?? []);
  const own = new Set(sourceServerIds);
  const isInTheWay = (drill: Execution) =>
    named.includes(drill.executionId) ||
    drill.recoveryPlanId === recoveryPlanId ||
    serversOf(drill).some(({ sourceServerId }) => own.has(sourceServerId));
  const isBefore = (one: Execution) =>
    one.executionId === beforeId &&
    one.kind === 'RECOVERY' &&
    isContinuable(one.status) &&
    one.continuedBy === null;
  return {
    drills: seen.filter((one) => one.kind === 'DRILL' && ids.includes(one.executionId) && isInTheWay(one)),
    before: seen.find(isBefore),
  };
}

/** What is up of the recovery that is continued: it stays as it is. */
export function keptServers(before: Execution): string[] {
  return serversOf(before)
    .filter(({ status, recoveryInstanceId }) => status === 'LAUNCHED' && recoveryInstanceId !== null)
    .map(({ sourceServerId }) => sourceServerId);
}

/** How many of these servers the drill has, too. */
export function sharedCount(drill: Execution, sourceServerIds: readonly string[]): number {
  const own = new Set(sourceServerIds);
  return serversOf(drill).filter(({ sourceServerId }) => own.has(sourceServerId)).length;
}

function serversOf(execution: Execution) {
  return execution.waves.flatMap((wave) => wave.servers);
}

function refusalNames(refusal: unknown): string[] {
  const isLock = refusal instanceof ApiError && LOCKED.includes(refusal.code);
  const id = isLock && refusal.about.kind === 'DRILL' ? refusal.about.execution : undefined;
  return id == null ? [] : [id];
}
