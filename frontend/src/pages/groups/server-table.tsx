/** The columns and filters of source servers. */
import type { TableProps } from '@cloudscape-design/components/table';

import type { ProtectionGroup, SourceServer } from '../../api/types';
import { filterProperty, type FilterPropertyOf } from '../../components/filter-property';
import { lagText, ReplicationState } from '../../components/Replication';
import { common } from '../../text/common';
import { groups as words, replication } from '../../text/groups';

export type ServerRow = SourceServer & {
  name: string;
  state: string;
  tagText: string;
  /** Whose it is, in words. */
  assignment: string;
  isFree: boolean;
};

/** A server as the form of one group sees it: a server of that group is free there. */
export function serverRow(
  server: SourceServer,
  ownId: string | undefined,
  groups: readonly ProtectionGroup[],
): ServerRow {
  const { protectionGroupId } = server;
  const isFree = protectionGroupId === null || protectionGroupId === ownId;
  const owner = groups.find((group) => group.protectionGroupId === protectionGroupId);
  return {
    ...server,
    name: server.hostname ?? server.sourceServerId,
    state: replication[server.replicationState]?.label ?? server.replicationState,
    tagText: Object.entries(server.tags)
      .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
      .join(', '),
    assignment:
      protectionGroupId === null
        ? words.free
        : protectionGroupId === ownId
          ? words.here
          : words.elsewhere(owner?.name ?? protectionGroupId),
    isFree,
  };
}

const { serverColumns: titles } = words;

export const serverColumns: TableProps.ColumnDefinition<ServerRow>[] = [
  { id: 'name', header: titles.hostname, isRowHeader: true, sortingField: 'name', cell: (row) => row.name },
  { id: 'id', minWidth: 210, header: titles.id, sortingField: 'sourceServerId', cell: (row) => <code>{row.sourceServerId}</code> },
  {
    id: 'state',
    minWidth: 140,
    header: titles.state,
    sortingField: 'state',
    cell: (row) => <ReplicationState state={row.replicationState} />,
  },
  {
    id: 'lag',
    minWidth: 90,
    header: titles.lag,
    sortingComparator: (one, other) => lagOf(one) - lagOf(other),
    cell: lagText,
  },
  { id: 'tags', minWidth: 160, header: titles.tags, cell: (row) => (row.tagText === '' ? words.noTags : row.tagText) },
  { id: 'assignment', header: titles.group, sortingField: 'assignment', cell: (row) => row.assignment },
  {
    id: 'instance',
    header: titles.instance,
    cell: (row) => row.recoveryInstance?.id ?? common.none,
  },
];

function lagOf(row: ServerRow): number {
  return row.lagSeconds ?? Number.MAX_SAFE_INTEGER;
}

const property: FilterPropertyOf<ServerRow> = filterProperty;

export const serverFiltering = [
  property('name', titles.hostname),
  property('sourceServerId', titles.id),
  property('state', titles.state),
  property('tagText', titles.tags),
  property('assignment', titles.group),
];
