import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';

import { InternalLink } from '../../components/InternalLink';
import { RefusalAlert } from '../../components/RefusalAlert';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { EXECUTION_STATUS, KIND } from '../../text/status-words';
import { paths } from '../../paths';
import { recentExecutionsQuery } from '../../queries/executions';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { plans as words } from '../../text/plans';

const SHOWN = 5;

/** How the plan last ran. */
export function PlanRuns({ recoveryPlanId }: { recoveryPlanId: string }) {
  const { api } = useServices();
  const { data, error } = useQuery(recentExecutionsQuery(api, { recoveryPlanId }, SHOWN));
  if (error !== null && data === undefined) {
    return <RefusalAlert error={error} />;
  }
  return (
    <Table
      items={data?.items ?? []}
      trackBy="executionId"
      loading={data === undefined}
      loadingText={common.loading}
      ariaLabels={{ tableLabel: words.lastRuns }}
      empty={<Box color="inherit">{words.noRuns}</Box>}
      header={
        <Header
          variant="h2"
          actions={
            <InternalLink href={paths.executions({ recoveryPlanId })}>{words.allRuns}</InternalLink>
          }
        >
          {words.lastRuns}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'started',
          header: words.startedColumn,
          isRowHeader: true,
          cell: (item) => (
            <InternalLink href={paths.execution(item.executionId)}>
              <RelativeTime time={item.startedAt ?? item.createdAt} />
            </InternalLink>
          ),
        },
        { id: 'kind', header: words.kindColumn, cell: (item) => KIND[item.kind] },
        {
          id: 'status',
          header: words.statusColumn,
          cell: (item) => <Status sign={EXECUTION_STATUS[item.status]} />,
        },
      ]}
    />
  );
}
