import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';

import type { ExecutionSummary } from '../../api/types';
import { EmptyState } from '../../components/EmptyState';
import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { EXECUTION_STATUS, KIND } from '../../text/status-words';
import { paths } from '../../paths';
import { common } from '../../text/common';
import { dashboard as words } from '../../text/dashboard';
import { executions as executionWords } from '../../text/executions';

const titles = executionWords.columns;

type Properties = { executions: readonly ExecutionSummary[]; hasMore: boolean };

/** What runs; above it, the first that waits for a person. */
export function ActiveExecutions({ executions, hasMore }: Properties) {
  const first = executions.find((item) => item.openHoldCount > 0);
  return (
    <SpaceBetween size="l">
      {first !== undefined && (
        <Alert
          type="warning"
          action={
            <InternalLink href={paths.execution(first.executionId)}>{words.look}</InternalLink>
          }
        >
          {words.first(
            KIND[first.kind],
            first.recoveryPlanName,
            executionWords.openHolds(first.openHoldCount),
          )}
        </Alert>
      )}
      <Table
        items={executions}
        trackBy="executionId"
        wrapLines
        ariaLabels={{ tableLabel: words.running }}
        header={
          <Header variant="h2" counter={`(${hasMore ? words.runningMore(executions.length) : executions.length.toString()})`}>
            {words.running}
          </Header>
        }
        empty={
          <EmptyState
            title={words.runningNone}
            action={<InternalLink href={paths.plans()}>{words.plans}</InternalLink>}
          >
            {words.runningNoneText}
          </EmptyState>
        }
        columnDefinitions={[
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
          {
            id: 'status',
            header: titles.status,
            minWidth: 130,
            cell: (item) => <Status sign={EXECUTION_STATUS[item.status]} />,
          },
          {
            id: 'holds',
            header: titles.holds,
            minWidth: 120,
            cell: (item) =>
              item.openHoldCount === 0 ? (
                common.none
              ) : (
                <Status
                  sign={{ type: 'warning', label: executionWords.openHolds(item.openHoldCount) }}
                />
              ),
          },
          {
            id: 'servers',
            header: titles.servers,
            minWidth: 110,
            cell: (item) =>
              executionWords.launchedOf(item.launchedServerCount, item.serverCount),
          },
          {
            id: 'started',
            header: titles.started,
            minWidth: 130,
            cell: (item) => <RelativeTime time={item.startedAt ?? item.createdAt} />,
          },
        ]}
      />
    </SpaceBetween>
  );
}
