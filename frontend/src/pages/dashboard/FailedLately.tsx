import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';

import { capitalised } from '../../api/error';
import type { ExecutionSummary } from '../../api/types';
import { InternalLink } from '../../components/InternalLink';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { EXECUTION_STATUS } from '../../components/status-words';
import { paths } from '../../paths';
import { common } from '../../text/common';
import { dashboard as words } from '../../text/dashboard';
import { executions as executionWords } from '../../text/executions';

const SHOWN = 5;

export function FailedLately({ executions }: { executions: readonly ExecutionSummary[] }) {
  return (
    <Table
      items={executions.slice(0, SHOWN)}
      trackBy="executionId"
      wrapLines
      ariaLabels={{ tableLabel: words.failed }}
      header={
        <Header variant="h2" counter={`(${executions.length.toString()})`}>
          {words.failed}
        </Header>
      }
      empty={words.failedNone}
      columnDefinitions={[
        {
          id: 'plan',
          header: executionWords.columns.plan,
          isRowHeader: true,
          minWidth: 120,
          cell: (item) => (
            <InternalLink href={paths.execution(item.executionId)}>
              {item.recoveryPlanName}
            </InternalLink>
          ),
        },
        {
          id: 'status',
          header: executionWords.columns.status,
          minWidth: 120,
          cell: (item) => <Status sign={EXECUTION_STATUS[item.status]} />,
        },
        {
          id: 'ended',
          header: words.ended,
          minWidth: 110,
          cell: (item) =>
            item.endedAt === null ? common.none : <RelativeTime time={item.endedAt} />,
        },
        {
          id: 'reason',
          header: words.reason,
          minWidth: 150,
          cell: (item) =>
            item.statusReason === null ? common.none : capitalised(item.statusReason),
        },
      ]}
    />
  );
}
