/** The columns of the list of executions. */
import type { TableProps } from '@cloudscape-design/components/table';

import type { ExecutionSummary } from '../../api/types';
import { InternalLink } from '../../components/InternalLink';
import { RelativeTime } from '../../components/RelativeTime';
import { duration } from '../../lib/time';
import { paths } from '../../paths';
import { EXECUTION_STATUS, KIND } from '../../components/status-words';
import { Status } from '../../components/Status';

export const columns: TableProps.ColumnDefinition<ExecutionSummary>[] = [
  {
    id: 'plan',
    header: 'Recovery plan',
    isRowHeader: true,
    cell: (item) => (
      <InternalLink href={paths.execution(item.executionId)}>{item.recoveryPlanName}</InternalLink>
    ),
  },
  { id: 'kind', header: 'Kind', cell: (item) => KIND[item.kind] },
  {
    id: 'status',
    header: 'Status',
    cell: (item) => <Status sign={EXECUTION_STATUS[item.status]} />,
  },
  {
    id: 'started',
    header: 'Started',
    cell: (item) => <RelativeTime time={item.startedAt ?? item.createdAt} />,
  },
  {
    id: 'duration',
    header: 'Duration',
    cell: (item) =>
      item.endedAt == null
        ? '–'
        : duration(Date.parse(item.endedAt) - Date.parse(item.startedAt ?? item.createdAt)),
  },
  { id: 'by', header: 'Started by', cell: (item) => item.initiatedBy },
];
