/** The columns and filters of source servers. */
import Box from '@cloudscape-design/components/box';
import type { TableProps } from '@cloudscape-design/components/table';

import type { ProtectionGroup, SourceServer } from '../../api/types';
import { ClampedText } from '../../components/ClampedText';
import { filterProperty, type FilterPropertyOf } from '../../lib/filter-property';
import { ec2Words } from '../../lib/instance-state';
import { OutsideText } from '../../components/OutsideText';
import { lagText, ReplicationState, stateText } from '../../components/Replication';
import { nameOf } from '../../lib/server-name';
import { ServerName } from '../../components/ServerName';
import { shown } from '../../lib/shown';
import { common } from '../../text/common';
import { groups as words } from '../../text/groups';

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
    name: nameOf(server),
    state: stateText(server),
    tagText: Object.entries(server.tags)
      .map(([key, value]) => (value === '' ? shown(key) : `${shown(key)}=${shown(value)}`))
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
  {
    id: 'name',
    header: titles.server,
    isRowHeader: true,
    sortingField: 'name',
    minWidth: 170,
    cell: (row) => <ServerName server={row} />,
  },
  {
    id: 'state',
    minWidth: 145,
    header: titles.state,
    sortingField: 'state',
    cell: (row) => <ReplicationState state={row.replicationState} />,
  },
  {
    id: 'lag',
    minWidth: 95,
    header: titles.lag,
    sortingComparator: (one, other) => lagOf(one) - lagOf(other),
    cell: lagText,
  },
  { id: 'tags', minWidth: 100, header: titles.tags, cell: tagsOf },
  { id: 'assignment', minWidth: 145, header: titles.group, sortingField: 'assignment', cell: (row) => <OutsideText>{row.assignment}</OutsideText> },
  {
    id: 'instance',
    minWidth: 165,
    header: titles.instance,
    cell: InstanceOf,
  },
];

function InstanceOf({ recoveryInstance }: ServerRow) {
  if (recoveryInstance === null) {
    return common.none;
  }
  return (
    <>
      {ec2Words(recoveryInstance.ec2State)}
      <Box variant="small" display="block">
        {recoveryInstance.id}
      </Box>
    </>
  );
}

function tagsOf(row: ServerRow) {
  return row.tagText === '' ? words.noTags : <ClampedText>{row.tagText}</ClampedText>;
}

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
