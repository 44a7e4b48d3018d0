import Table, { type TableProps } from '@cloudscape-design/components/table';

import type { Server, Wave } from '../../api/types';
import { EmptyState } from '../../components/EmptyState';
import { SERVER_PHASE, SERVER_STATUS } from './status';
import { Status } from './Status';

const columns: TableProps.ColumnDefinition<Server>[] = [
  {
    id: 'server',
    header: 'Server',
    isRowHeader: true,
    cell: (server) => server.hostname ?? server.sourceServerId,
  },
  { id: 'id', header: 'Source server', cell: (server) => server.sourceServerId },
  {
    id: 'status',
    header: 'Status',
    cell: (server) => <Status sign={SERVER_STATUS[server.status]} />,
  },
  {
    id: 'phase',
    header: 'Phase',
    cell: (server) => (server.phase == null ? '–' : SERVER_PHASE[server.phase]),
  },
  {
    id: 'instance',
    header: 'Recovery instance',
    cell: (server) => server.recoveryInstanceId ?? '–',
  },
  { id: 'remarks', header: 'Remarks', cell: (server) => remarks(server).join(' ') },
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

function remarks(server: Server): string[] {
  const attempts = server.attempts > 1 ? [`${server.attempts.toString()} attempts.`] : [];
  const late = server.late ? ['Launched late.'] : [];
  const error = server.error == null ? [] : [server.error];
  return [...error, ...server.warnings, ...late, ...attempts];
}
