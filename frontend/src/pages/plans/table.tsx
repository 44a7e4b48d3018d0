/** The columns and filters of the list of recovery plans. */
import type { TableProps } from '@cloudscape-design/components/table';

import type { PlanStatistics, ProtectionGroup, RecoveryPlan } from '../../api/types';
import { ClampedText } from '../../components/ClampedText';
import { filterProperty, type FilterPropertyOf } from '../../lib/filter-property';
import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { shown } from '../../lib/shown';
import { paths } from '../../paths';
import { common } from '../../text/common';
import { plans } from '../../text/plans';
import { membersOf } from './members';
import { RunOutcome } from './RunOutcome';

/** What is known of how plans ran. */
export type Runs = { data: ReadonlyMap<string, PlanStatistics> | undefined; isError: boolean };

export type Row = RecoveryPlan & {
  waveCount: number;
  serverCount: number;
  gateCount: number;
  groupNames: string;
  /** How it ran last; in words, where that is not known. */
  runs: PlanStatistics | null | string;
  /** When they ended, for the order of the rows. */
  lastDrillAt: string;
  lastRecoveryAt: string;
};

export function rowOf(
  plan: RecoveryPlan,
  groups: readonly ProtectionGroup[],
  runs: Runs,
): Row {
  const own = runs.data?.get(plan.recoveryPlanId);
  const ids = new Set(plan.waves.flatMap((wave) => wave.protectionGroupIds));
  return {
    ...plan,
    runs: runs.data === undefined ? unknownRuns(runs) : (own ?? null),
    lastDrillAt: own?.lastDrill?.endedAt ?? '',
    lastRecoveryAt: own?.lastRecovery?.endedAt ?? '',
    waveCount: plan.waves.length,
    serverCount: plan.waves.reduce((sum, wave) => sum + membersOf(wave, groups).length, 0),
    gateCount: plan.waves.filter((wave) => wave.pauseBefore).length,
    groupNames: groups
      .filter((group) => ids.has(group.protectionGroupId))
      .map((group) => shown(group.name))
      .join(', '),
  };
}

const { columns: words } = plans;

export const columns: TableProps.ColumnDefinition<Row>[] = [
  {
    id: 'name',
    header: words.name,
    isRowHeader: true,
    minWidth: 120,
    sortingField: 'name',
    cell: (row) => (
      <InternalLink href={paths.plan(row.recoveryPlanId)}>
        <OutsideText>{row.name}</OutsideText>
      </InternalLink>
    ),
  },
  { id: 'waves', header: words.waves, minWidth: 90, sortingField: 'waveCount', cell: (row) => plans.wavesAndGates(row.waveCount, row.gateCount) },
  {
    id: 'servers',
    header: words.servers,
    minWidth: 95,
    sortingField: 'serverCount',
    cell: (row) => row.serverCount,
  },
  { id: 'groups', header: words.groups, minWidth: 105, cell: (row) => <ClampedText>{row.groupNames}</ClampedText> },
  {
    id: 'lastDrill',
    header: words.lastDrill,
    sortingField: 'lastDrillAt',
    minWidth: 138,
    cell: (row) => <Last row={row} name="lastDrill" />,
  },
  {
    id: 'lastRecovery',
    header: words.lastRecovery,
    sortingField: 'lastRecoveryAt',
    minWidth: 138,
    cell: (row) => <Last row={row} name="lastRecovery" />,
  },
  {
    id: 'changed',
    header: words.changed,
    sortingField: 'updatedAt',
    minWidth: 100,
    cell: (row) => <RelativeTime time={row.updatedAt} />,
  },
];

function unknownRuns({ isError }: Runs): string {
  return isError ? plans.runsUnread : common.loading;
}

type LastName = 'lastDrill' | 'lastCompletedDrill' | 'lastRecovery';

export function Last({ row, name }: { row: Row; name: LastName }) {
  return typeof row.runs === 'string' ? row.runs : <RunOutcome run={row.runs?.[name] ?? null} />;
}

const property: FilterPropertyOf<Row> = filterProperty;

export const filtering = [
  property('name', words.name),
  property('description', words.description),
  property('groupNames', words.groups),
];
