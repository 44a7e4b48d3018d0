/** The columns of the list of executions. */
import type { TableProps } from '@cloudscape-design/components/table';

import type { ExecutionSummary } from '../../api/types';
import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { EXECUTION_STATUS, KIND } from '../../text/status-words';
import { duration } from '../../lib/time';
import { paths } from '../../paths';
import { common } from '../../text/common';
import { executions } from '../../text/executions';

const { columns: titles } = executions;

export const columns: TableProps.ColumnDefinition<ExecutionSummary>[] = [
  {
    id: 'plan',
    header: titles.plan,
    isRowHeader: true,
    minWidth: 140,
    cell: (item) => (
      <InternalLink href={paths.execution(item.executionId)}>
        <OutsideText>{item.recoveryPlanName}</OutsideText>
      </InternalLink>
    ),
  },
  { id: 'kind', header: titles.kind, minWidth: 100, cell: (item) => KIND[item.kind] },
  { id: 'status', header: titles.status, minWidth: 150, cell: StatusAndHolds },
  {
    id: 'servers',
    header: titles.servers,
    minWidth: 100,
    cell: (item) => executions.launchedOf(item.launchedServerCount, item.serverCount),
  },
  {
    id: 'started',
    header: titles.started,
    minWidth: 115,
    cell: (item) => <RelativeTime time={item.startedAt ?? item.createdAt} />,
  },
  {
    id: 'duration',
    header: titles.duration,
    minWidth: 100,
    cell: (item) =>
      item.endedAt === null
        ? common.none
        : duration(Date.parse(item.endedAt) - Date.parse(item.startedAt ?? item.createdAt)),
  },
  { id: 'by', header: titles.by, minWidth: 140, cell: (item) => <OutsideText>{item.initiatedBy}</OutsideText> },
];

/** What waits for a person stands where everybody looks first. */
function StatusAndHolds({ status, openHoldCount }: ExecutionSummary) {
  return (
    <>
      <Status sign={EXECUTION_STATUS[status]} />
      {openHoldCount > 0 && (
        <div>
          <Status sign={{ type: 'warning', label: executions.heldBy(openHoldCount) }} />
        </div>
      )}
    </>
  );
}
