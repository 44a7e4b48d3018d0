import Grid from '@cloudscape-design/components/grid';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSuspenseQuery } from '@tanstack/react-query';

import { Freshness } from '../../components/Freshness';
import { LoadBoundary, PartBoundary } from '../../components/LoadBoundary';
import { Page } from '../../components/Page';
import { recentExecutionsQuery } from '../../queries/executions';
import { plansQuery } from '../../queries/plans';
import { executionStatisticsQuery, planStatisticsQuery } from '../../queries/statistics';
import { useServices } from '../../services';
import { dashboard as words } from '../../text/dashboard';
import { help } from '../../text/shell';
import { ActiveExecutions } from './ActiveExecutions';
import { FailedLately } from './FailedLately';
import { byNeed, overduePlans } from './history';
import { OverdueDrills } from './OverdueDrills';
import { Regions } from './Regions';
import { SuccessChart } from './SuccessChart';

/** The longest page that the server gives. */
const ACTIVE_MOST = 100;

/** Where a person begins: what waits for somebody, and what needs care. */
export default function DashboardPage() {
  return (
    <LoadBoundary title={words.title} subject="">
      <Dashboard />
    </LoadBoundary>
  );
}

function Dashboard() {
  const { api } = useServices();
  const active = useSuspenseQuery(recentExecutionsQuery(api, { activity: 'ACTIVE' }, ACTIVE_MOST));
  const { items, nextToken } = active.data;
  return (
    <Page title={words.title} description={words.description} help={help.dashboard}>
      <SpaceBetween size="l">
        <Freshness query={active} />
        <ActiveExecutions executions={byNeed(items)} hasMore={nextToken != null} />
        <PartBoundary title={words.success}>
          <History />
        </PartBoundary>
        <Regions />
      </SpaceBetween>
    </Page>
  );
}

/** What has been. What runs now does not wait for it. */
function History() {
  const { api } = useServices();
  const { data: plans } = useSuspenseQuery(plansQuery(api));
  const { data: runs } = useSuspenseQuery(planStatisticsQuery(api));
  const { data: statistics, dataUpdatedAt } = useSuspenseQuery(executionStatisticsQuery(api));
  return (
    <SpaceBetween size="l">
      <Grid
        gridDefinition={[
          { colspan: { default: 12, m: 7 } },
          { colspan: { default: 12, m: 5 } },
        ]}
      >
        <FailedLately failures={statistics.failures} />
        <OverdueDrills
          overdue={overduePlans(plans, runs, dataUpdatedAt)}
          planCount={plans.length}
        />
      </Grid>
      <SuccessChart statistics={statistics} now={dataUpdatedAt} />
    </SpaceBetween>
  );
}
