/** The columns and filters of the list of protection groups. */
import type { TableProps } from '@cloudscape-design/components/table';

import type { ProtectionGroup } from '../../api/types';
import { filterProperty, type FilterPropertyOf } from '../../lib/filter-property';
import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { regionText } from '../../text/region';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { paths } from '../../paths';
import { groups } from '../../text/groups';

export type Row = ProtectionGroup & { isolation: string };

export function rowOf(group: ProtectionGroup): Row {
  return {
    ...group,
    isolation: group.drillIsolation === null ? groups.notIsolated : groups.isolated,
  };
}

const { columns: words } = groups;

export const columns: TableProps.ColumnDefinition<Row>[] = [
  {
    id: 'name',
    header: words.name,
    isRowHeader: true,
    sortingField: 'name',
    cell: (row) => (
      <InternalLink href={paths.group(row.protectionGroupId)}>
        <OutsideText>{row.name}</OutsideText>
      </InternalLink>
    ),
  },
  { id: 'region', header: words.region, minWidth: 125, sortingField: 'region', cell: (row) => regionText(row.region) },
  { id: 'account', header: words.account, minWidth: 125, sortingField: 'accountId', cell: (row) => row.accountId },
  {
    id: 'servers',
    header: words.servers,
    minWidth: 95,
    sortingComparator: (one, other) => one.sourceServerIds.length - other.sourceServerIds.length,
    cell: (row) => row.sourceServerIds.length,
  },
  {
    id: 'isolation',
    header: words.isolation,
    sortingField: 'isolation',
    cell: (row) => (
      <Status
        sign={{ type: row.drillIsolation === null ? 'warning' : 'success', label: row.isolation }}
      />
    ),
  },
  {
    id: 'changed',
    header: words.changed,
    sortingField: 'updatedAt',
    minWidth: 115,
    cell: (row) => <RelativeTime time={row.updatedAt} />,
  },
];

const property: FilterPropertyOf<Row> = filterProperty;

export const filtering = [
  property('name', words.name),
  property('region', words.region),
  property('accountId', words.account),
  property('isolation', words.isolation),
  property('description', words.description),
];
