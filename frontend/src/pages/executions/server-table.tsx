/** The servers of an execution, whatever their wave. */
import Box from '@cloudscape-design/components/box';
import type { TableProps } from '@cloudscape-design/components/table';

import { capitalised } from '../../api/error';
import type { Server, Wave } from '../../api/types';
import { ClampedText } from '../../components/ClampedText';
import { filterProperty, type FilterPropertyOf } from '../../components/filter-property';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { nameOf } from '../../components/server-name';
import { ServerName } from '../../components/ServerName';
import { Status } from '../../components/Status';
import { SERVER_PHASE, SERVER_STATUS } from '../../components/status-words';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';

export type ServerRow = { server: Server; name: string; wave: string; status: string; phase: string; id: string; instance: string };

/** A row stays the same object while its server does, so that a look renders only what changed. */
const rows = new WeakMap<Server, ServerRow>();

export function rowsOf(waves: readonly Wave[]): ServerRow[] {
  return waves.flatMap((wave) =>
    wave.servers.map((server) => {
      const known = rows.get(server);
      const row = known?.wave === wave.name ? known : rowOf(server, wave.name);
      rows.set(server, row);
      return row;
    }),
  );
}

function rowOf(server: Server, wave: string): ServerRow {
  return {
    server,
    wave,
    id: server.sourceServerId,
    name: nameOf(server),
    status: SERVER_STATUS[server.status].label,
    phase: server.phase === null ? common.none : SERVER_PHASE[server.phase],
    instance: server.recoveryInstanceId ?? '',
  };
}

const { serverColumns: titles } = words;

export const serverColumns: TableProps.ColumnDefinition<ServerRow>[] = [
  {
    id: 'name',
    header: titles.name,
    isRowHeader: true,
    minWidth: 175,
    sortingField: 'name',
    cell: ({ server }) => <ServerName server={server} />,
  },
  { id: 'wave', header: titles.wave, minWidth: 105, sortingField: 'wave', cell: ({ wave }) => <OutsideText>{wave}</OutsideText> },
  {
    id: 'status',
    header: titles.status,
    minWidth: 140,
    sortingField: 'status',
    cell: ({ server }) => <Status sign={SERVER_STATUS[server.status]} />,
  },
  { id: 'phase', header: titles.phase, minWidth: 95, sortingField: 'phase', cell: ({ phase }) => phase },
  {
    id: 'instance',
    header: titles.instance,
    minWidth: 200,
    cell: ({ server }) => <Instance server={server} />,
  },
  {
    id: 'point',
    header: titles.point,
    minWidth: 130,
    cell: ({ server }) =>
      server.recoveryInstance?.recoveryPointAt == null ? (
        common.none
      ) : (
        <RelativeTime time={server.recoveryInstance.recoveryPointAt} />
      ),
  },
  {
    id: 'remarks',
    header: titles.remarks,
    minWidth: 165,
    cell: ({ server }) => <ClampedText>{remarksOf(server).join(' ') || common.none}</ClampedText>,
  },
];

function Instance({ server }: { server: Server }) {
  const { recoveryInstance, recoveryInstanceId } = server;
  if (recoveryInstanceId === null) {
    return common.none;
  }
  const facts = [recoveryInstance?.ec2State?.toLowerCase() ?? '', ...(recoveryInstance?.privateIps ?? [])];
  return (
    <>
      {recoveryInstanceId}
      <Box variant="small" display="block">
        {facts.filter((fact) => fact !== '').join(', ')}
      </Box>
    </>
  );
}

function remarksOf(server: Server): string[] {
  const warnings = new Map<string, string>(Object.entries(words.warning));
  return [
    ...(server.error === null ? [] : [capitalised(server.error)]),
    ...server.warnings.map((code) => warnings.get(code) ?? capitalised(code)),
    ...(server.late ? [words.late] : []),
    ...(server.attempts > 1 ? [words.attempts(server.attempts)] : []),
    ...(server.carriedOverFrom === null ? [] : [words.carriedOver(server.carriedOverFrom)]),
    ...(server.passedTo === null ? [] : [words.passedTo(server.passedTo)]),
    ...(server.replacedBy === null ? [] : [words.replacedBy(server.replacedBy)]),
  ];
}

const property: FilterPropertyOf<ServerRow> = filterProperty;

export const serverFiltering = [
  property('name', titles.name),
  property('id', titles.id),
  property('wave', titles.wave),
  property('status', titles.status),
  property('phase', titles.phase),
  property('instance', titles.instance),
];
