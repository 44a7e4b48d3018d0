/** The columns and filters of the list of recovery plans. */
import type { TableProps } from '@cloudscape-design/components/table';

import type { ProtectionGroup, RecoveryPlan } from '../../api/types';
import { filterProperty, type FilterPropertyOf } from '../../components/filter-property';
import { InternalLink } from '../../components/InternalLink';
import { RelativeTime } from '../../components/RelativeTime';
import { paths } from '../../paths';
import { plans } from '../../text/plans';
import { membersOf } from './members';

export type Row = RecoveryPlan & {
  waveCount: number;
  serverCount: number;
  gateCount: number;
  groupNames: string;
};

export function rowOf(plan: RecoveryPlan, groups: readonly ProtectionGroup[]): Row {
  const ids = new Set(plan.waves.flatMap((wave) => wave.protectionGroupIds));
  return {
    ...plan,
    waveCount: plan.waves.length,
    serverCount: plan.waves.reduce((sum, wave) => sum + membersOf(wave, groups).length, 0),
    gateCount: plan.waves.filter((wave) => wave.pauseBefore).length,
    groupNames: groups
      .filter((group) => ids.has(group.protectionGroupId))
      .map((group) => group.name)
      .join(', '),
  };
}

const { columns: words } = plans;

export const columns: TableProps.ColumnDefinition<Row>[] = [
  {
    id: 'name',
    header: words.name,
    isRowHeader: true,
    sortingField: 'name',
    cell: (row) => <InternalLink href={paths.plan(row.recoveryPlanId)}>{row.name}</InternalLink>,
  },
  { id: 'waves', header: words.waves, sortingField: 'waveCount', cell: (row) => row.waveCount },
  {
    id: 'servers',
    header: words.servers,
    sortingField: 'serverCount',
    cell: (row) => row.serverCount,
  },
  { id: 'gates', header: words.gates, sortingField: 'gateCount', cell: (row) => row.gateCount },
  { id: 'groups', header: words.groups, cell: (row) => row.groupNames },
  {
    id: 'changed',
    header: words.changed,
    sortingField: 'updatedAt',
    cell: (row) => <RelativeTime time={row.updatedAt} />,
  },
];

const property: FilterPropertyOf<Row> = filterProperty;

export const filtering = [
  property('name', words.name),
  property('description', words.description),
  property('groupNames', words.groups),
];
