import Box from '@cloudscape-design/components/box';
import Table, { type TableProps } from '@cloudscape-design/components/table';

import type { Server, Wave } from '../../api/types';
import { EmptyState } from '../../components/EmptyState';
import { SERVER_PHASE, SERVER_STATUS } from '../../components/status-words';
import { Status } from '../../components/Status';

/** What an id of AWS needs to stand in one line. */
const ID_WIDTH = 200;

const columns: TableProps.ColumnDefinition<Server>[] = [
  {
    id: 'server',
    header: 'Server',
    isRowHeader: true,
    minWidth: ID_WIDTH,
    cell: (server) => <ServerName server={server} />,
  },
  {
    id: 'status',
    header: 'Status',
    minWidth: 150,
    cell: (server) => <Status sign={SERVER_STATUS[server.status]} />,
  },
  {
    id: 'phase',
    header: 'Phase',
    minWidth: 130,
    cell: (server) => (server.phase == null ? '–' : SERVER_PHASE[server.phase]),
  },
  {
    id: 'instance',
    header: 'Recovery instance',
    minWidth: ID_WIDTH,
    cell: (server) => server.recoveryInstanceId ?? '–',
  },
  {
    id: 'remarks',
    header: 'Remarks',
    minWidth: 200,
    cell: (server) => remarks(server).join(' '),
  },
];

/** The servers of a wave. */
export function ServerTable({ wave }: { wave: Wave }) {
  return (
    <Table
      variant="embedded"
      wrapLines
      columnDefinitions={columns}
      items={wave.servers}
      trackBy="sourceServerId"
      ariaLabels={{ tableLabel: `Servers of ${wave.name}` }}
      empty={<EmptyState title="No servers">This wave has no servers.</EmptyState>}
    />
  );
}

function ServerName({ server }: { server: Server }) {
  return server.hostname == null ? (
    server.sourceServerId
  ) : (
    <>
      {server.hostname}
      <Box variant="small" display="block">
        {server.sourceServerId}
      </Box>
    </>
  );
}

function remarks(server: Server): string[] {
  const attempts = server.attempts > 1 ? [`${server.attempts.toString()} attempts.`] : [];
  const late = server.late ? ['Launched late.'] : [];
  const error = server.error == null ? [] : [server.error];
  return [...error, ...server.warnings, ...late, ...attempts];
}
